/**
 * What is known of single types beyond their schemas, in the notation of `Known`: a type, then its properties. `=` is the value that
 * AWS sets when none is declared, `chosen` one that it chooses for each resource, `absent` means that nothing is set then. Sources:
 * answers of Cloud Control recorded for resources that nobody had touched, and the resource type reference of CloudFormation.
 */
export const knownText = `
AWS::Amplify::App
  CacheConfig.Type = "AMPLIFY_MANAGED_NO_COOKIES"
  JobConfig.BuildComputeType = "STANDARD_8GB"
AWS::ApiGateway::Authorizer
  AuthType = "custom"
AWS::ApiGateway::Method
  ApiKeyRequired = false
  Integration.CacheNamespace chosen
  Integration.PassthroughBehavior = "WHEN_NO_MATCH"
  Integration.ResponseTransferMode = "BUFFERED"
  Integration.TimeoutInMillis = 29000
AWS::ApiGatewayV2::Api
  ApiKeySelectionExpression = "$request.header.x-api-key"
  DisableExecuteApiEndpoint = false
  IpAddressType = "ipv4"
  RouteSelectionExpression = "$request.method $request.path"
AWS::ApiGatewayV2::DomainName
  RoutingMode = "API_MAPPING_ONLY"
AWS::ApiGatewayV2::Integration
  ConnectionType = "INTERNET"
  IntegrationMethod = "POST"
  PassthroughBehavior = "WHEN_NO_MATCH"
  PayloadFormatVersion = "1.0"
  TimeoutInMillis = 30000
  TimeoutInMillis = 29000
AWS::ApiGatewayV2::Route
  ApiKeyRequired = false
  AuthorizationType = "NONE"
AWS::ApiGatewayV2::Stage
  DefaultRouteSettings.DataTraceEnabled = false
  DefaultRouteSettings.DetailedMetricsEnabled = false
  DefaultRouteSettings.LoggingLevel = "OFF"
  DeploymentId chosen
AWS::AppConfig::ConfigurationProfile
  Type = "AWS.Freeform"
AWS::AppConfig::ExtensionAssociation
  ExtensionVersionNumber = 1
AWS::AppRunner::Service
  HealthCheckConfiguration.HealthyThreshold = 1
  HealthCheckConfiguration.Interval = 5
  HealthCheckConfiguration.Path = "/"
  HealthCheckConfiguration.Protocol = "TCP"
  HealthCheckConfiguration.Timeout = 2
  HealthCheckConfiguration.UnhealthyThreshold = 5
  NetworkConfiguration.EgressConfiguration.EgressType = "DEFAULT"
  NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible = true
  NetworkConfiguration.IpAddressType = "IPV4"
AWS::AppSync::ApiKey
  Expires chosen
AWS::AppSync::FunctionConfiguration
  MaxBatchSize = 0
AWS::AppSync::Resolver
  MaxBatchSize = 0
AWS::AppSync::SourceApiAssociation
  SourceApiAssociationConfig.MergeType = "MANUAL_MERGE"
AWS::Athena::DataCatalog
  Status = "CREATE_COMPLETE"
AWS::Athena::WorkGroup
  State = "ENABLED"
  WorkGroupConfiguration.BytesScannedCutoffPerQuery absent
  WorkGroupConfiguration.EnforceWorkGroupConfiguration = true
  WorkGroupConfiguration.EngineVersion.SelectedEngineVersion chosen
  WorkGroupConfiguration.PublishCloudWatchMetricsEnabled = true
  WorkGroupConfiguration.RequesterPaysEnabled = false
AWS::Backup::BackupPlan
  BackupPlan.BackupPlanRule.*.CompletionWindowMinutes = 10080
  BackupPlan.BackupPlanRule.*.ScheduleExpressionTimezone = "Etc/UTC"
  BackupPlan.BackupPlanRule.*.StartWindowMinutes = 480
AWS::Backup::RestoreTestingPlan
  RecoveryPointSelection.SelectionWindowDays = 30
  ScheduleExpressionTimezone = "Etc/UTC"
  StartWindowHours = 24
AWS::Batch::JobQueue
  JobQueueName chosen
  JobQueueType = "ECS_FARGATE"
AWS::Bedrock::Guardrail
  ContentPolicyConfig.ContentFiltersTierConfig.TierName = "CLASSIC"
  TopicPolicyConfig.TopicsTierConfig.TierName = "CLASSIC"
AWS::CE::AnomalySubscription
  ThresholdExpression chosen
AWS::Cassandra::Keyspace
  ReplicationSpecification.ReplicationStrategy = "SINGLE_REGION"
AWS::Chatbot::SlackChannelConfiguration
  GuardrailPolicies chosen
  UserRoleRequired = false
AWS::CloudFormation::StackSet
  AdministrationRoleARN chosen
  ExecutionRoleName = "AWSCloudFormationStackSetExecutionRole"
AWS::CloudFront::ContinuousDeploymentPolicy
  ContinuousDeploymentPolicyConfig.SingleWeightPolicyConfig.Weight = 0.05
  ContinuousDeploymentPolicyConfig.Type = "SingleWeight"
AWS::CloudFront::VpcOrigin
  VpcOriginEndpointConfig.HTTPPort = 80
  VpcOriginEndpointConfig.HTTPSPort = 443
  VpcOriginEndpointConfig.OriginProtocolPolicy = "match-viewer"
  VpcOriginEndpointConfig.OriginSSLProtocols = ["SSLv3","TLSv1"]
AWS::CloudWatch::Alarm
  ActionsEnabled = true
AWS::CloudWatch::CompositeAlarm
  ActionsEnabled = true
AWS::CloudWatch::InsightRule
  ApplyOnTransformedLogs = false
AWS::CodeBuild::Project
  Artifacts.Name chosen
  Artifacts.Packaging = "NONE"
  Cache.Type = "NO_CACHE"
  EncryptionKey chosen
  Environment.ImagePullCredentialsType = "CODEBUILD"
  QueuedTimeoutInMinutes = 480
  TimeoutInMinutes = 60
  TimeoutInMinutes = 15
  Visibility = "PRIVATE"
AWS::CodePipeline::Pipeline
  ExecutionMode = "SUPERSEDED"
  PipelineType = "V2"
  Stages.*.Actions.*.RunOrder = 1
AWS::CodeStarConnections::Connection
  HostArn chosen
AWS::CodeStarNotifications::NotificationRule
  Status = "ENABLED"
AWS::Cognito::UserPoolClient
  AuthSessionValidity = 3
  ClientName chosen
  EnablePropagateAdditionalUserContextData = false
  EnableTokenRevocation = true
  RefreshTokenValidity = 30
AWS::Cognito::UserPoolIdentityProvider
  ProviderDetails.ActiveEncryptionCertificate chosen
  ProviderDetails.SSORedirectBindingURI chosen
  ProviderDetails.attributes_url chosen
  ProviderDetails.attributes_url_add_attributes = "true"
  ProviderDetails.authorize_url chosen
  ProviderDetails.oidc_issuer chosen
  ProviderDetails.token_request_method = "POST"
  ProviderDetails.token_url chosen
AWS::Cognito::UserPoolUser
  UserAttributes.* chosen
AWS::Config::ConfigurationRecorder
  RecordingGroup.RecordingStrategy.UseOnly = "INCLUSION_BY_RESOURCE_TYPES"
  RecordingMode.RecordingFrequency = "CONTINUOUS"
AWS::DAX::Cluster
  ClusterEndpointEncryptionType = "NONE"
  ParameterGroupName chosen
  PreferredMaintenanceWindow chosen
  ReplicationFactor unreadable
  SecurityGroupIds chosen
AWS::DAX::ParameterGroup
  ParameterNameValues.query-ttl-millis = "300000"
  ParameterNameValues.record-ttl-millis = "300000"
AWS::DMS::ReplicationInstance
  AllocatedStorage = 100
  AutoMinorVersionUpgrade = true
  AvailabilityZone chosen
  EngineVersion chosen
  KmsKeyId chosen
  NetworkType = "IPV4"
  PreferredMaintenanceWindow chosen
  PubliclyAccessible = true
  ReplicationInstanceIdentifier chosen
  VpcSecurityGroupIds chosen
AWS::DMS::ReplicationTask
  ReplicationTaskIdentifier chosen
  ReplicationTaskSettings.BeforeImageSettings = null
  ReplicationTaskSettings.ChangeProcessingDdlHandlingPolicy.HandleSourceTableAltered = true
  ReplicationTaskSettings.ChangeProcessingDdlHandlingPolicy.HandleSourceTableDropped = true
  ReplicationTaskSettings.ChangeProcessingDdlHandlingPolicy.HandleSourceTableTruncated = true
  ReplicationTaskSettings.ChangeProcessingTuning.BatchApplyMemoryLimit = 500
  ReplicationTaskSettings.ChangeProcessingTuning.BatchApplyPreserveTransaction = true
  ReplicationTaskSettings.ChangeProcessingTuning.BatchApplyTimeoutMax = 30
  ReplicationTaskSettings.ChangeProcessingTuning.BatchApplyTimeoutMin = 1
  ReplicationTaskSettings.ChangeProcessingTuning.BatchSplitSize = 0
  ReplicationTaskSettings.ChangeProcessingTuning.CommitTimeout = 1
  ReplicationTaskSettings.ChangeProcessingTuning.MemoryKeepTime = 60
  ReplicationTaskSettings.ChangeProcessingTuning.MemoryLimitTotal = 1024
  ReplicationTaskSettings.ChangeProcessingTuning.MinTransactionSize = 1000
  ReplicationTaskSettings.ChangeProcessingTuning.RecoveryTimeout = -1
  ReplicationTaskSettings.ChangeProcessingTuning.StatementCacheSize = 50
  ReplicationTaskSettings.CharacterSetSettings = null
  ReplicationTaskSettings.ControlTablesSettings.ControlSchema = ""
  ReplicationTaskSettings.ControlTablesSettings.FullLoadExceptionTableEnabled = false
  ReplicationTaskSettings.ControlTablesSettings.HistoryTableEnabled = false
  ReplicationTaskSettings.ControlTablesSettings.HistoryTimeslotInMinutes = 5
  ReplicationTaskSettings.ControlTablesSettings.StatusTableEnabled = false
  ReplicationTaskSettings.ControlTablesSettings.SuspendedTablesTableEnabled = false
  ReplicationTaskSettings.ControlTablesSettings.historyTimeslotInMinutes = 5
  ReplicationTaskSettings.ErrorBehavior.ApplyErrorDeletePolicy = "IGNORE_RECORD"
  ReplicationTaskSettings.ErrorBehavior.ApplyErrorEscalationCount = 0
  ReplicationTaskSettings.ErrorBehavior.ApplyErrorEscalationPolicy = "LOG_ERROR"
  ReplicationTaskSettings.ErrorBehavior.ApplyErrorFailOnTruncationDdl = false
  ReplicationTaskSettings.ErrorBehavior.ApplyErrorInsertPolicy = "LOG_ERROR"
  ReplicationTaskSettings.ErrorBehavior.ApplyErrorUpdatePolicy = "LOG_ERROR"
  ReplicationTaskSettings.ErrorBehavior.DataErrorEscalationCount = 0
  ReplicationTaskSettings.ErrorBehavior.DataErrorEscalationPolicy = "SUSPEND_TABLE"
  ReplicationTaskSettings.ErrorBehavior.DataErrorPolicy = "LOG_ERROR"
  ReplicationTaskSettings.ErrorBehavior.DataMaskingErrorPolicy = "STOP_TASK"
  ReplicationTaskSettings.ErrorBehavior.DataTruncationErrorPolicy = "LOG_ERROR"
  ReplicationTaskSettings.ErrorBehavior.EventErrorPolicy = "IGNORE"
  ReplicationTaskSettings.ErrorBehavior.FailOnNoTablesCaptured = true
  ReplicationTaskSettings.ErrorBehavior.FailOnTransactionConsistencyBreached = false
  ReplicationTaskSettings.ErrorBehavior.FullLoadIgnoreConflicts = true
  ReplicationTaskSettings.ErrorBehavior.RecoverableErrorCount = -1
  ReplicationTaskSettings.ErrorBehavior.RecoverableErrorInterval = 5
  ReplicationTaskSettings.ErrorBehavior.RecoverableErrorStopRetryAfterThrottlingMax = true
  ReplicationTaskSettings.ErrorBehavior.RecoverableErrorThrottling = true
  ReplicationTaskSettings.ErrorBehavior.RecoverableErrorThrottlingMax = 1800
  ReplicationTaskSettings.ErrorBehavior.TableErrorEscalationCount = 0
  ReplicationTaskSettings.ErrorBehavior.TableErrorEscalationPolicy = "STOP_TASK"
  ReplicationTaskSettings.ErrorBehavior.TableErrorPolicy = "SUSPEND_TABLE"
  ReplicationTaskSettings.FailTaskWhenCleanTaskResourceFailed = false
  ReplicationTaskSettings.FullLoadSettings.CommitRate = 10000
  ReplicationTaskSettings.FullLoadSettings.CreatePkAfterFullLoad = false
  ReplicationTaskSettings.FullLoadSettings.MaxFullLoadSubTasks = 8
  ReplicationTaskSettings.FullLoadSettings.StopTaskCachedChangesApplied = false
  ReplicationTaskSettings.FullLoadSettings.StopTaskCachedChangesNotApplied = false
  ReplicationTaskSettings.FullLoadSettings.TargetTablePrepMode = "DROP_AND_CREATE"
  ReplicationTaskSettings.FullLoadSettings.TransactionConsistencyTimeout = 600
  ReplicationTaskSettings.Logging.CloudWatchLogGroup = null
  ReplicationTaskSettings.Logging.CloudWatchLogStream = null
  ReplicationTaskSettings.Logging.EnableLogContext = false
  ReplicationTaskSettings.Logging.EnableLogging = false
  ReplicationTaskSettings.Logging.LogComponents = [{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"ADDONS"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"COMMON"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"COMMUNICATION"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"DATA_STRUCTURE"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"FILE_FACTORY"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"FILE_TRANSFER"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"IO"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"METADATA_MANAGER"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"PERFORMANCE"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"REST_SERVER"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"SORTER"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"SOURCE_CAPTURE"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"SOURCE_UNLOAD"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"TABLES_MANAGER"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"TARGET_APPLY"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"TARGET_LOAD"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"TASK_MANAGER"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"TRANSFORMATION"},{"Severity":"LOGGER_SEVERITY_DEFAULT","Id":"VALIDATOR_EXT"}]
  ReplicationTaskSettings.LoopbackPreventionSettings = null
  ReplicationTaskSettings.PostProcessingRules = null
  ReplicationTaskSettings.StreamBufferSettings.CtrlStreamBufferSizeInMB = 5
  ReplicationTaskSettings.StreamBufferSettings.StreamBufferCount = 3
  ReplicationTaskSettings.StreamBufferSettings.StreamBufferSizeInMB = 8
  ReplicationTaskSettings.TTSettings = null
  ReplicationTaskSettings.TargetMetadata.BatchApplyEnabled = false
  ReplicationTaskSettings.TargetMetadata.FullLobMode = false
  ReplicationTaskSettings.TargetMetadata.InlineLobMaxSize = 0
  ReplicationTaskSettings.TargetMetadata.LimitedSizeLobMode = true
  ReplicationTaskSettings.TargetMetadata.LoadMaxFileSize = 0
  ReplicationTaskSettings.TargetMetadata.LobChunkSize = 64
  ReplicationTaskSettings.TargetMetadata.LobMaxSize = 32
  ReplicationTaskSettings.TargetMetadata.ParallelApplyBufferSize = 0
  ReplicationTaskSettings.TargetMetadata.ParallelApplyQueuesPerThread = 0
  ReplicationTaskSettings.TargetMetadata.ParallelApplyThreads = 0
  ReplicationTaskSettings.TargetMetadata.ParallelLoadBufferSize = 0
  ReplicationTaskSettings.TargetMetadata.ParallelLoadQueuesPerThread = 0
  ReplicationTaskSettings.TargetMetadata.ParallelLoadThreads = 0
  ReplicationTaskSettings.TargetMetadata.SupportLobs = true
  ReplicationTaskSettings.TargetMetadata.TargetSchema = ""
  ReplicationTaskSettings.TargetMetadata.TaskRecoveryTableEnabled = false
AWS::DataBrew::Dataset
  Source = "S3"
AWS::DataSync::Task
  Options.Atime = "BEST_EFFORT"
  Options.BytesPerSecond = -1
  Options.Gid = "NONE"
  Options.Mtime = "PRESERVE"
  Options.ObjectTags = "PRESERVE"
  Options.PosixPermissions = "NONE"
  Options.PreserveDeletedFiles = "PRESERVE"
  Options.PreserveDevices = "NONE"
  Options.SecurityDescriptorCopyFlags = "NONE"
  Options.TaskQueueing = "ENABLED"
  Options.Uid = "NONE"
  TaskMode = "BASIC"
AWS::DocDB::DBCluster
  BackupRetentionPeriod = 1
  DBClusterParameterGroupName chosen
  EngineVersion chosen
  KmsKeyId chosen
  Port = 27017
  PreferredBackupWindow chosen
  PreferredMaintenanceWindow chosen
  VpcSecurityGroupIds chosen
AWS::DocDB::DBInstance
  CACertificateIdentifier = "rds-ca-rsa2048-g1"
  PreferredMaintenanceWindow chosen
AWS::DynamoDB::GlobalTable
  GlobalSecondaryIndexes.*.WarmThroughput.ReadUnitsPerSecond = 12000
  GlobalSecondaryIndexes.*.WarmThroughput.WriteUnitsPerSecond = 4000
  WarmThroughput.ReadUnitsPerSecond = 12000
  WarmThroughput.WriteUnitsPerSecond = 4000
AWS::DynamoDB::Table
  BillingMode = "PROVISIONED"
  DeletionProtectionEnabled = false
  GlobalSecondaryIndexes.*.WarmThroughput.ReadUnitsPerSecond = 12000
  GlobalSecondaryIndexes.*.WarmThroughput.ReadUnitsPerSecond = 5
  GlobalSecondaryIndexes.*.WarmThroughput.WriteUnitsPerSecond = 4000
  GlobalSecondaryIndexes.*.WarmThroughput.WriteUnitsPerSecond = 5
  PointInTimeRecoverySpecification.RecoveryPeriodInDays = 35
  TableClass = "STANDARD"
  WarmThroughput.ReadUnitsPerSecond = 12000
  WarmThroughput.ReadUnitsPerSecond = 5
  WarmThroughput.WriteUnitsPerSecond = 4000
  WarmThroughput.WriteUnitsPerSecond = 5
AWS::EC2::CapacityReservation
  AvailabilityZoneId chosen
  EndDate chosen
  EndDateType = "unlimited"
  InstanceMatchCriteria = "open"
  Tenancy = "default"
AWS::EC2::ClientVpnEndpoint
  DisconnectOnSessionTimeout = true
  SecurityGroupIds chosen
  SessionTimeoutHours = 24
  TransportProtocol = "udp"
  VpcId chosen
  VpnPort = 443
AWS::EC2::EIPAssociation
  EIP chosen
  PrivateIpAddress chosen
AWS::EC2::FlowLog
  DestinationOptions.FileFormat = "plain-text"
  DestinationOptions.HiveCompatiblePartitions = false
  DestinationOptions.PerHourPartition = false
  LogFormat = "\${version} \${account-id} \${interface-id} \${srcaddr} \${dstaddr} \${srcport} \${dstport} \${protocol} \${packets} \${bytes} \${start} \${end} \${action} \${log-status}"
  MaxAggregationInterval = 600
AWS::EC2::Instance
  Affinity absent
  DisableApiTermination = false
  EbsOptimized = false
  Monitoring = false
  SourceDestCheck = true
  Tenancy = "default"
AWS::EC2::InstanceConnectEndpoint
  SecurityGroupIds chosen
AWS::EC2::NetworkInterface
  GroupSet chosen
  InterfaceType = "interface"
  Ipv4PrefixCount = 0
  Ipv6PrefixCount = 0
  PrivateIpAddress chosen
  PrivateIpAddresses chosen
  SecondaryPrivateIpAddressCount = 0
  SecondaryPrivateIpAddressCount = 3
  SourceDestCheck = true
AWS::EC2::PlacementGroup
  SpreadLevel = "rack"
AWS::EC2::SecurityGroup
  SecurityGroupEgress = [{"CidrIp":"0.0.0.0/0","IpProtocol":"-1"}]
  SecurityGroupEgress = [{"CidrIp":"0.0.0.0/0","IpProtocol":"-1","Description":"Allow all outbound traffic by default"}]
  SecurityGroupIngress absent
  VpcId chosen
AWS::EC2::Subnet
  AssignIpv6AddressOnCreation = false
  AvailabilityZone chosen
  AvailabilityZoneId chosen
  EnableDns64 = false
  Ipv6Native = false
  MapPublicIpOnLaunch = false
AWS::EC2::TransitGateway
  AmazonSideAsn = 64512
  AssociationDefaultRouteTableId chosen
  AutoAcceptSharedAttachments = "disable"
  DefaultRouteTableAssociation = "enable"
  DefaultRouteTablePropagation = "enable"
  DnsSupport = "enable"
  MulticastSupport = "disable"
  PropagationDefaultRouteTableId chosen
  SecurityGroupReferencingSupport = "disable"
  VpnEcmpSupport = "enable"
AWS::EC2::TransitGatewayAttachment
  Options.ApplianceModeSupport = "disable"
  Options.DnsSupport = "disable"
  Options.Ipv6Support = "disable"
  Options.SecurityGroupReferencingSupport = "enable"
AWS::EC2::TransitGatewayRoute
  Id chosen
AWS::EC2::VPC
  EnableDnsSupport = true
  InstanceTenancy = "default"
AWS::EC2::VPCCidrBlock
  Ipv6CidrBlock chosen
  Ipv6CidrBlockNetworkBorderGroup chosen
AWS::EC2::VPCEndpoint
  DnsOptions.DnsRecordIpType = "ipv4"
  DnsOptions.DnsRecordIpType = "service-defined"
  DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint = "NotSpecified"
  DnsOptions.PrivateDnsPreference = "VERIFIED_DOMAINS_ONLY"
  DnsOptions.PrivateDnsSpecifiedDomains = ["*"]
  IpAddressType = "ipv4"
  PolicyDocument = {"Statement":[{"Action":["*"],"Effect":"Allow","Principal":"*","Resource":["*"]}]}
  PolicyDocument = {"Version":"2008-10-17","Statement":[{"Action":["*"],"Effect":"Allow","Principal":"*","Resource":["*"]}]}
  SecurityGroupIds chosen
  ServiceRegion chosen
AWS::EC2::Volume
  AvailabilityZoneId chosen
  Encrypted = false
  Iops = 100
  Iops = 3000
  KmsKeyId chosen
  Throughput = 125
  VolumeType = "gp2"
AWS::EC2::VolumeAttachment
  EbsCardIndex = 0
AWS::ECR::Repository
  ImageTagMutability = "MUTABLE"
  LifecyclePolicy absent
  RepositoryPolicyText absent
AWS::ECS::Cluster
  ClusterSettings = [{"Value":"disabled","Name":"containerInsights"}]
AWS::ECS::Service
  AvailabilityZoneRebalancing = "ENABLED"
  AvailabilityZoneRebalancing = "DISABLED"
  EnableECSManagedTags = false
  EnableExecuteCommand = false
  HealthCheckGracePeriodSeconds = 0
  LaunchType = "EC2"
  PlatformVersion = "LATEST"
  PropagateTags = "NONE"
  SchedulingStrategy = "REPLICA"
AWS::EFS::AccessPoint
  ClientToken chosen
  RootDirectory.Path = "/"
AWS::EFS::FileSystem
  BackupPolicy.Status = "DISABLED"
  BackupPolicy.Status = "ENABLED"
  FileSystemProtection.ReplicationOverwriteProtection = "ENABLED"
  KmsKeyId chosen
  PerformanceMode = "generalPurpose"
  ThroughputMode = "bursting"
AWS::EKS::AccessEntry
  Username chosen
AWS::EMRServerless::Application
  Architecture = "X86_64"
  MaximumCapacity.Disk = "400000 GB"
  MonitoringConfiguration.ManagedPersistenceMonitoringConfiguration.Enabled = true
AWS::ElastiCache::CacheCluster
  AZMode = "single-az"
  AutoMinorVersionUpgrade = true
  CacheParameterGroupName chosen
  EngineVersion chosen
  IpDiscovery = "ipv4"
  NetworkType = "ipv4"
  Port = 6379
  Port = 11211
  PreferredAvailabilityZones chosen
  PreferredMaintenanceWindow chosen
  SnapshotRetentionLimit = 0
  SnapshotWindow chosen
AWS::ElastiCache::User
  AccessString adds -@all
AWS::ElasticBeanstalk::Application
  ResourceLifecycleConfig.VersionLifecycleConfig.MaxAgeRule.DeleteSourceFromS3 = false
  ResourceLifecycleConfig.VersionLifecycleConfig.MaxAgeRule.Enabled = false
  ResourceLifecycleConfig.VersionLifecycleConfig.MaxAgeRule.MaxAgeInDays = 180
  ResourceLifecycleConfig.VersionLifecycleConfig.MaxCountRule.DeleteSourceFromS3 = false
  ResourceLifecycleConfig.VersionLifecycleConfig.MaxCountRule.Enabled = false
  ResourceLifecycleConfig.VersionLifecycleConfig.MaxCountRule.MaxCount = 200
AWS::ElasticBeanstalk::ConfigurationTemplate
  OptionSettings.* chosen
  PlatformArn chosen
AWS::ElasticLoadBalancing::LoadBalancer
  AvailabilityZones chosen
  ConnectionDrainingPolicy.Enabled = false
  ConnectionDrainingPolicy.Timeout = 300
  ConnectionSettings.IdleTimeout = 60
  Policies = [{"PolicyType":"SSLNegotiationPolicyType","PolicyName":"ELBSecurityPolicy-2016-08","Attributes":[{"Value":"false","Name":"ADH-AES128-GCM-SHA256"},{"Value":"false","Name":"ADH-AES128-SHA"},{"Value":"false","Name":"ADH-AES128-SHA256"},{"Value":"false","Name":"ADH-AES256-GCM-SHA384"},{"Value":"false","Name":"ADH-AES256-SHA"},{"Value":"false","Name":"ADH-AES256-SHA256"},{"Value":"false","Name":"ADH-CAMELLIA128-SHA"},{"Value":"false","Name":"ADH-CAMELLIA256-SHA"},{"Value":"false","Name":"ADH-DES-CBC-SHA"},{"Value":"false","Name":"ADH-DES-CBC3-SHA"},{"Value":"false","Name":"ADH-RC4-MD5"},{"Value":"false","Name":"ADH-SEED-SHA"},{"Value":"true","Name":"AES128-GCM-SHA256"},{"Value":"true","Name":"AES128-SHA"},{"Value":"true","Name":"AES128-SHA256"},{"Value":"true","Name":"AES256-GCM-SHA384"},{"Value":"true","Name":"AES256-SHA"},{"Value":"true","Name":"AES256-SHA256"},{"Value":"false","Name":"CAMELLIA128-SHA"},{"Value":"false","Name":"CAMELLIA256-SHA"},{"Value":"false","Name":"DES-CBC-MD5"},{"Value":"false","Name":"DES-CBC-SHA"},{"Value":"false","Name":"DES-CBC3-MD5"},{"Value":"false","Name":"DES-CBC3-SHA"},{"Value":"false","Name":"DHE-DSS-AES128-GCM-SHA256"},{"Value":"false","Name":"DHE-DSS-AES128-SHA"},{"Value":"false","Name":"DHE-DSS-AES128-SHA256"},{"Value":"false","Name":"DHE-DSS-AES256-GCM-SHA384"},{"Value":"false","Name":"DHE-DSS-AES256-SHA"},{"Value":"false","Name":"DHE-DSS-AES256-SHA256"},{"Value":"false","Name":"DHE-DSS-CAMELLIA128-SHA"},{"Value":"false","Name":"DHE-DSS-CAMELLIA256-SHA"},{"Value":"false","Name":"DHE-DSS-SEED-SHA"},{"Value":"false","Name":"DHE-RSA-AES128-GCM-SHA256"},{"Value":"false","Name":"DHE-RSA-AES128-SHA"},{"Value":"false","Name":"DHE-RSA-AES128-SHA256"},{"Value":"false","Name":"DHE-RSA-AES256-GCM-SHA384"},{"Value":"false","Name":"DHE-RSA-AES256-SHA"},{"Value":"false","Name":"DHE-RSA-AES256-SHA256"},{"Value":"false","Name":"DHE-RSA-CAMELLIA128-SHA"},{"Value":"false","Name":"DHE-RSA-CAMELLIA256-SHA"},{"Value":"false","Name":"DHE-RSA-SEED-SHA"},{"Value":"true","Name":"ECDHE-ECDSA-AES128-GCM-SHA256"},{"Value":"true","Name":"ECDHE-ECDSA-AES128-SHA"},{"Value":"true","Name":"ECDHE-ECDSA-AES128-SHA256"},{"Value":"true","Name":"ECDHE-ECDSA-AES256-GCM-SHA384"},{"Value":"true","Name":"ECDHE-ECDSA-AES256-SHA"},{"Value":"true","Name":"ECDHE-ECDSA-AES256-SHA384"},{"Value":"false","Name":"ECDHE-ECDSA-RC4-SHA"},{"Value":"true","Name":"ECDHE-RSA-AES128-GCM-SHA256"},{"Value":"true","Name":"ECDHE-RSA-AES128-SHA"},{"Value":"true","Name":"ECDHE-RSA-AES128-SHA256"},{"Value":"true","Name":"ECDHE-RSA-AES256-GCM-SHA384"},{"Value":"true","Name":"ECDHE-RSA-AES256-SHA"},{"Value":"true","Name":"ECDHE-RSA-AES256-SHA384"},{"Value":"false","Name":"ECDHE-RSA-RC4-SHA"},{"Value":"false","Name":"EDH-DSS-DES-CBC-SHA"},{"Value":"false","Name":"EDH-DSS-DES-CBC3-SHA"},{"Value":"false","Name":"EDH-RSA-DES-CBC-SHA"},{"Value":"false","Name":"EDH-RSA-DES-CBC3-SHA"},{"Value":"false","Name":"EXP-ADH-DES-CBC-SHA"},{"Value":"false","Name":"EXP-ADH-RC4-MD5"},{"Value":"false","Name":"EXP-DES-CBC-SHA"},{"Value":"false","Name":"EXP-EDH-DSS-DES-CBC-SHA"},{"Value":"false","Name":"EXP-EDH-RSA-DES-CBC-SHA"},{"Value":"false","Name":"EXP-KRB5-DES-CBC-MD5"},{"Value":"false","Name":"EXP-KRB5-DES-CBC-SHA"},{"Value":"false","Name":"EXP-KRB5-RC2-CBC-MD5"},{"Value":"false","Name":"EXP-KRB5-RC2-CBC-SHA"},{"Value":"false","Name":"EXP-KRB5-RC4-MD5"},{"Value":"false","Name":"EXP-KRB5-RC4-SHA"},{"Value":"false","Name":"EXP-RC2-CBC-MD5"},{"Value":"false","Name":"EXP-RC4-MD5"},{"Value":"false","Name":"IDEA-CBC-SHA"},{"Value":"false","Name":"KRB5-DES-CBC-MD5"},{"Value":"false","Name":"KRB5-DES-CBC-SHA"},{"Value":"false","Name":"KRB5-DES-CBC3-MD5"},{"Value":"false","Name":"KRB5-DES-CBC3-SHA"},{"Value":"false","Name":"KRB5-RC4-MD5"},{"Value":"false","Name":"KRB5-RC4-SHA"},{"Value":"false","Name":"PSK-3DES-EDE-CBC-SHA"},{"Value":"false","Name":"PSK-AES128-CBC-SHA"},{"Value":"false","Name":"PSK-AES256-CBC-SHA"},{"Value":"false","Name":"PSK-RC4-SHA"},{"Value":"false","Name":"Protocol-SSLv3"},{"Value":"true","Name":"Protocol-TLSv1"},{"Value":"true","Name":"Protocol-TLSv1.1"},{"Value":"true","Name":"Protocol-TLSv1.2"},{"Value":"false","Name":"RC2-CBC-MD5"},{"Value":"false","Name":"RC4-MD5"},{"Value":"false","Name":"RC4-SHA"},{"Value":"ELBSecurityPolicy-2016-08","Name":"Reference-Security-Policy"},{"Value":"false","Name":"SEED-SHA"},{"Value":"true","Name":"Server-Defined-Cipher-Order"}],"LoadBalancerPorts":[],"InstancePorts":[]}]
AWS::ElasticLoadBalancingV2::Listener
  DefaultActions.*.ForwardConfig chosen
  DefaultActions.*.TargetGroupArn within ForwardConfig
AWS::ElasticLoadBalancingV2::ListenerRule
  Actions.*.TargetGroupArn within ForwardConfig
AWS::ElasticLoadBalancingV2::TargetGroup
  HealthCheckEnabled = true
  HealthCheckIntervalSeconds = 30
  HealthCheckPath = "/"
  HealthCheckPort = "traffic-port"
  HealthyThresholdCount = 5
  IpAddressType = "ipv4"
  ProtocolVersion = "HTTP1"
  TargetType = "instance"
  UnhealthyThresholdCount = 2
AWS::Events::EventBus
  LogConfig.IncludeDetail = "NONE"
  LogConfig.Level = "OFF"
AWS::Events::Rule
  EventBusName = "default"
  State = "ENABLED"
AWS::GlobalAccelerator::Accelerator
  IpAddressType = "IPV4"
  IpAddresses chosen
AWS::GlobalAccelerator::EndpointGroup
  HealthCheckIntervalSeconds = 30
  HealthCheckPort = 80
  HealthCheckProtocol = "TCP"
  ThresholdCount = 3
  TrafficDialPercentage = 100
AWS::Glue::Database
  DatabaseInput.CreateTableDefaultPermissions = [{"Permissions":["ALL"],"Principal":{"DataLakePrincipalIdentifier":"IAM_ALLOWED_PRINCIPALS"}}]
AWS::Glue::Job
  AllocatedCapacity = 0
  AllocatedCapacity = 10
  Command.PythonVersion = "2"
  ExecutionProperty.MaxConcurrentRuns = 1
  GlueVersion chosen
  JobMode = "SCRIPT"
  MaxCapacity = 10
  MaxRetries = 0
  NumberOfWorkers = 10
  Timeout = 2880
  Timeout = 480
  WorkerType = "G.1X"
AWS::GuardDuty::Filter
  Action = "NOOP"
  FindingCriteria.Criterion.severity.Gte alias GreaterThanOrEqual
  Rank = 1
AWS::GuardDuty::TrustedEntitySet
  ExpectedBucketOwner chosen
AWS::IAM::AccessKey
  Status = "Active"
AWS::IAM::Group
  ManagedPolicyArns absent
  Path = "/"
  Policies absent
AWS::IAM::InstanceProfile
  Path = "/"
AWS::IAM::ManagedPolicy
  Groups absent
  Path = "/"
  Roles absent
  Users absent
AWS::IAM::Role
  Description = ""
  ManagedPolicyArns absent
  MaxSessionDuration = 3600
  Path = "/"
  PermissionsBoundary absent
  Policies absent
AWS::IVS::Channel
  Authorized = false
  ContainerFormat = "TS"
  InsecureIngest = false
  LatencyMode = "LOW"
  MultitrackInputConfiguration.Enabled = false
  MultitrackInputConfiguration.MaximumResolution = "FULL_HD"
  MultitrackInputConfiguration.Policy = "ALLOW"
  RecordingConfigurationArn = ""
  Type = "STANDARD"
AWS::InternetMonitor::Monitor
  Status = "ACTIVE"
AWS::KMS::Key
  Description = ""
  EnableKeyRotation = false
  Enabled = true
  KeySpec = "SYMMETRIC_DEFAULT"
  KeyUsage = "ENCRYPT_DECRYPT"
  MultiRegion = false
  Origin = "AWS_KMS"
AWS::KMS::ReplicaKey
  Enabled = true
AWS::Kinesis::Stream
  RetentionPeriodHours = 24
  ShardCount = 1
AWS::KinesisFirehose::DeliveryStream
  DeliveryStreamType = "DirectPut"
  ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds = 300
  ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs = 5
  ExtendedS3DestinationConfiguration.CompressionFormat chosen
  ExtendedS3DestinationConfiguration.EncryptionConfiguration.NoEncryptionConfig = "NoEncryption"
  ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors.*.Parameters.* chosen
  ExtendedS3DestinationConfiguration.S3BackupMode = "Disabled"
  HttpEndpointDestinationConfiguration.BufferingHints.IntervalInSeconds = 300
  HttpEndpointDestinationConfiguration.BufferingHints.SizeInMBs = 5
  HttpEndpointDestinationConfiguration.RequestConfiguration.CommonAttributes = []
  HttpEndpointDestinationConfiguration.RequestConfiguration.ContentEncoding = "NONE"
  HttpEndpointDestinationConfiguration.RetryOptions.DurationInSeconds = 300
  HttpEndpointDestinationConfiguration.S3BackupMode = "FailedDataOnly"
  HttpEndpointDestinationConfiguration.S3Configuration.BufferingHints.IntervalInSeconds = 300
  HttpEndpointDestinationConfiguration.S3Configuration.BufferingHints.SizeInMBs = 5
  HttpEndpointDestinationConfiguration.S3Configuration.CompressionFormat = "UNCOMPRESSED"
  HttpEndpointDestinationConfiguration.S3Configuration.EncryptionConfiguration.NoEncryptionConfig = "NoEncryption"
AWS::KinesisVideo::SignalingChannel
  MessageTtlSeconds = 60
  Type = "SINGLE_MASTER"
AWS::KinesisVideo::Stream
  DataRetentionInHours = 0
  KmsKeyId chosen
  StreamStorageConfiguration.DefaultStorageTier = "HOT"
AWS::Lambda::Alias
  Description = ""
AWS::Lambda::CodeSigningConfig
  CodeSigningPolicies.UntrustedArtifactOnDeployment = "Warn"
AWS::Lambda::EventSourceMapping
  BatchSize = 100
  Enabled = true
  MaximumBatchingWindowInSeconds = 0
  MaximumRecordAgeInSeconds = -1
  MaximumRetryAttempts = -1
  ParallelizationFactor = 1
  TumblingWindowInSeconds = 0
AWS::Lambda::Function
  Architectures = ["x86_64"]
  CodeSha256 chosen
  DeadLetterConfig absent
  Environment absent
  EphemeralStorage.Size = 512
  Layers absent
  LoggingConfig chosen
  MemorySize = 128
  PackageType = "Zip"
  RecursiveLoop = "Terminate"
  ReservedConcurrentExecutions absent
  RuntimeManagementConfig.UpdateRuntimeOn = "Auto"
  Timeout = 3
  TracingConfig.Mode = "PassThrough"
  VpcConfig absent
AWS::Lambda::LayerVersion
  LayerName chosen
AWS::Lambda::Url
  InvokeMode = "BUFFERED"
AWS::Lightsail::Instance
  AvailabilityZone chosen
  KeyPairName = "LightsailDefaultKeyPair"
  Networking.MonthlyTransfer = {}
  Networking.Ports = [{"FromPort":22,"AccessDirection":"inbound","CidrListAliases":[],"ToPort":22,"Ipv6Cidrs":["::/0"],"AccessFrom":"Anywhere (0.0.0.0/0 and ::/0)","Protocol":"tcp","AccessType":"public","Cidrs":["0.0.0.0/0"],"CommonName":""},{"FromPort":80,"AccessDirection":"inbound","CidrListAliases":[],"ToPort":80,"Ipv6Cidrs":["::/0"],"AccessFrom":"Anywhere (0.0.0.0/0 and ::/0)","Protocol":"tcp","AccessType":"public","Cidrs":["0.0.0.0/0"],"CommonName":""}]
AWS::Location::RouteCalculator
  PricingPlan = "RequestBasedUsage"
AWS::Logs::Delivery
  RecordFields = ["date","time","x-edge-location","sc-bytes","c-ip","cs-method","cs(Host)","cs-uri-stem","sc-status","cs(Referer)","cs(User-Agent)","cs-uri-query","cs(Cookie)","x-edge-result-type","x-edge-request-id","x-host-header","cs-protocol","cs-bytes","time-taken","x-forwarded-for","ssl-protocol","ssl-cipher","x-edge-response-result-type","cs-protocol-version","fle-status","fle-encrypted-fields","c-port","time-to-first-byte","x-edge-detailed-result-type","sc-content-type","sc-content-len","sc-range-start","sc-range-end"]
AWS::Logs::LogGroup
  DataProtectionPolicy absent
  DeletionProtectionEnabled = false
  LogGroupClass = "STANDARD"
  RetentionInDays absent
AWS::MSK::Cluster
  BrokerNodeGroupInfo.BrokerAZDistribution = "DEFAULT"
  BrokerNodeGroupInfo.ConnectivityInfo.NetworkType = "IPV4"
  BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type = "DISABLED"
  BrokerNodeGroupInfo.ConnectivityInfo.VpcConnectivity.ClientAuthentication.Sasl.Iam.Enabled = false
  BrokerNodeGroupInfo.ConnectivityInfo.VpcConnectivity.ClientAuthentication.Sasl.Scram.Enabled = false
  BrokerNodeGroupInfo.ConnectivityInfo.VpcConnectivity.ClientAuthentication.Tls.Enabled = false
  BrokerNodeGroupInfo.SecurityGroups chosen
  EncryptionInfo.EncryptionAtRest chosen
  EncryptionInfo.EncryptionInTransit.ClientBroker = "TLS"
  EncryptionInfo.EncryptionInTransit.InCluster = true
  EnhancedMonitoring = "DEFAULT"
  StorageMode = "LOCAL"
AWS::MediaConvert::JobTemplate
  AccelerationSettings.Mode = "DISABLED"
  Priority = 0
  StatusUpdateInterval = "SECONDS_60"
AWS::MemoryDB::Cluster
  AutoMinorVersionUpgrade = true
  DataTiering = "false"
  EngineVersion chosen
  IpDiscovery = "ipv4"
  MaintenanceWindow chosen
  NetworkType = "ipv4"
  NumReplicasPerShard = 1
  NumShards = 1
  ParameterGroupName chosen
  Port = 6379
  SnapshotRetentionLimit = 0
  SnapshotWindow chosen
  TLSEnabled = true
AWS::MemoryDB::User
  AccessString adds -@all
AWS::OpenSearchService::Domain
  AdvancedOptions.override_main_response_version = "false"
  AdvancedOptions.rest.action.multi.allow_explicit_index = "true"
  ClusterConfig.DedicatedMasterCount = 3
  ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount = 2
  DeploymentStrategyOptions.DeploymentStrategy = "CapacityOptimized"
  DomainEndpointOptions.CustomEndpointEnabled = false
  DomainEndpointOptions.EnforceHTTPS = false
  DomainEndpointOptions.TLSSecurityPolicy = "Policy-Min-TLS-1-2-2019-07"
  EBSOptions.Iops = 3000
  EBSOptions.Throughput = 125
  EBSOptions.VolumeType = "gp3"
  EncryptionAtRestOptions.KmsKeyId chosen
  EngineVersion chosen
  IPAddressType = "ipv4"
  OffPeakWindowOptions.Enabled = true
  OffPeakWindowOptions.OffPeakWindow.WindowStartTime.Hours = 2
  OffPeakWindowOptions.OffPeakWindow.WindowStartTime.Minutes = 0
  SnapshotOptions.AutomatedSnapshotStartHour = 0
AWS::Pipes::Pipe
  DesiredState = "RUNNING"
AWS::RDS::DBInstance
  AutoMinorVersionUpgrade = true
  BackupRetentionPeriod = 1
  CopyTagsToSnapshot = false
  DeletionProtection = false
  EnablePerformanceInsights = false
  EngineVersion chosen
  MonitoringInterval = 0
  MultiAZ = false
  PreferredBackupWindow chosen
  PreferredMaintenanceWindow chosen
  StorageEncrypted = false
AWS::RDS::DBProxy
  DefaultAuthScheme = "NONE"
  EndpointNetworkType = "IPV4"
  TargetConnectionNetworkType = "IPV4"
AWS::RDS::OptionGroup
  OptionConfigurations.*.OptionSettings.* chosen
AWS::RUM::AppMonitor
  AppMonitorConfiguration.ExcludedPages = []
  AppMonitorConfiguration.FavoritePages = []
  AppMonitorConfiguration.IncludedPages = []
  AppMonitorConfiguration.SessionSampleRate = 0.1
  AppMonitorConfiguration.Telemetries = []
  CustomEvents.Status = "DISABLED"
  DeobfuscationConfiguration.JavaScriptSourceMaps.Status = "DISABLED"
  Platform = "Web"
AWS::RedshiftServerless::Workgroup
  BaseCapacity = -1
  ConfigParameters.* chosen
  EnhancedVpcRouting = false
  Port = 5439
  PricePerformanceTarget.Level = 50
  PricePerformanceTarget.Status = "ENABLED"
  PubliclyAccessible = false
  SecurityGroupIds chosen
  SubnetIds chosen
  TrackName = "current"
AWS::ResourceExplorer2::View
  Scope chosen
AWS::RolesAnywhere::TrustAnchor
  NotificationSettings = [{"Channel":"ALL","Enabled":true,"Event":"CA_CERTIFICATE_EXPIRY","Threshold":45},{"Channel":"ALL","Enabled":true,"Event":"END_ENTITY_CERTIFICATE_EXPIRY","Threshold":45}]
AWS::Route53::HealthCheck
  HealthCheckConfig.EnableSNI = true
  HealthCheckConfig.EnableSNI = false
  HealthCheckConfig.FailureThreshold = 3
  HealthCheckConfig.Port = 80
  HealthCheckConfig.RequestInterval = 30
AWS::Route53Resolver::FirewallRuleGroup
  FirewallRules.*.FirewallDomainRedirectionAction = "INSPECT_REDIRECTION_DOMAIN"
AWS::S3::Bucket
  AbacStatus = "Disabled"
  AccelerateConfiguration.AccelerationStatus = "Suspended"
  AnalyticsConfigurations absent
  BucketEncryption.ServerSideEncryptionConfiguration = [{"BucketKeyEnabled":false,"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]},"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]
  CorsConfiguration absent
  IntelligentTieringConfigurations absent
  InventoryConfigurations absent
  LifecycleConfiguration.Rules absent
  LifecycleConfiguration.TransitionDefaultMinimumObjectSize = "all_storage_classes_128K"
  LifecycleConfiguration.TransitionDefaultMinimumObjectSize = "varies_by_storage_class"
  LoggingConfiguration absent
  MetricsConfigurations absent
  NotificationConfiguration absent
  OwnershipControls.Rules = [{"ObjectOwnership":"BucketOwnerEnforced"}]
  PublicAccessBlockConfiguration.BlockPublicAcls = true
  PublicAccessBlockConfiguration.BlockPublicPolicy = true
  PublicAccessBlockConfiguration.IgnorePublicAcls = true
  PublicAccessBlockConfiguration.RestrictPublicBuckets = true
  ReplicationConfiguration absent
  VersioningConfiguration.Status = "Suspended"
  WebsiteConfiguration absent
AWS::S3Express::DirectoryBucket
  BucketEncryption.ServerSideEncryptionConfiguration = [{"BucketKeyEnabled":true,"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]
AWS::S3Tables::TableBucket
  EncryptionConfiguration.SSEAlgorithm = "AES256"
  MetricsConfiguration.Status = "Disabled"
  StorageClassConfiguration.StorageClass = "STANDARD"
AWS::SES::ConfigurationSet
  ReputationOptions.ReputationMetricsEnabled = true
  SendingOptions.SendingEnabled = true
AWS::SES::ReceiptRule
  Rule.TlsPolicy = "Optional"
AWS::SNS::Topic
  TopicName chosen
AWS::SQS::Queue
  DelaySeconds = 0
  KmsDataKeyReusePeriodSeconds = 300
  KmsMasterKeyId absent
  MaximumMessageSize = 262144
  MaximumMessageSize = 1048576
  MessageRetentionPeriod = 345600
  ReceiveMessageWaitTimeSeconds = 0
  RedrivePolicy absent
  SqsManagedSseEnabled = true
  VisibilityTimeout = 30
AWS::SSM::Association
  DocumentVersion = "$DEFAULT"
AWS::SSM::Parameter
  DataType = "text"
  Tier = "Standard"
AWS::SageMaker::Model
  ModelName chosen
  PrimaryContainer.Mode = "SingleModel"
AWS::SageMaker::MonitoringSchedule
  MonitoringScheduleConfig.MonitoringJobDefinition.StoppingCondition.MaxRuntimeInSeconds = 3600
  MonitoringScheduleConfig.MonitoringType = "DataQuality"
AWS::SecretsManager::Secret
  KmsKeyId absent
AWS::ServiceCatalog::CloudFormationProduct
  ProductType = "CLOUD_FORMATION_TEMPLATE"
  ProvisioningArtifactParameters.*.Type = "CLOUD_FORMATION_TEMPLATE"
AWS::ServiceDiscovery::Service
  Type = "DNS_HTTP"
AWS::StepFunctions::StateMachine
  DefinitionString chosen
  EncryptionConfiguration.Type = "AWS_OWNED_KEY"
  LoggingConfiguration.IncludeExecutionData = false
  LoggingConfiguration.Level = "OFF"
  StateMachineName chosen
  StateMachineType = "STANDARD"
AWS::VpcLattice::AccessLogSubscription
  ServiceNetworkLogType = "SERVICE"
AWS::WAFv2::RegexPatternSet
  Name chosen
AWS::WAFv2::RuleGroup
  Rules.*.Statement.RateBasedStatement.EvaluationWindowSec = 300
AWS::WAFv2::WebACL
  Name chosen
  OnSourceDDoSProtectionConfig.ALBLowReputationMode = "ACTIVE_UNDER_DDOS"
  Rules.*.Statement.RateBasedStatement.EvaluationWindowSec = 300
`;
