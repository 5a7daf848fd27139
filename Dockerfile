# syntax=docker/dockerfile:1
# The image of Holdfast: what it runs and nothing else, as a user without rights, on a root file system that may be read-only.
# Give each base by digest where you build: --build-arg BASE=node:26.10.0-bookworm-slim@sha256:…
ARG BASE=node:26.10.0-bookworm-slim
# Where kubectl and helm come from, and tofu: a stage below that fetches and checks them, or an image of yours that has them in /usr/local/bin.
ARG TOOLS=fetched-tools
ARG TOFU=fetched-tofu

FROM ${BASE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --omit=optional
# What is in it, as CycloneDX: every package with version, licence and digest.
RUN npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format=cyclonedx > /src/sbom.cdx.json

FROM ${BASE} AS fetched-tools
ARG TARGETARCH=amd64
ARG KUBECTL_VERSION=1.34.4
ARG HELM_VERSION=3.19.4
# Both are checked: a build without the digests of these files ends here.
ARG KUBECTL_SHA256
ARG HELM_SHA256
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/*
RUN test -n "$KUBECTL_SHA256" && test -n "$HELM_SHA256" \
  && curl -fsSLo /usr/local/bin/kubectl "https://dl.k8s.io/release/v${KUBECTL_VERSION}/bin/linux/${TARGETARCH}/kubectl" \
  && echo "${KUBECTL_SHA256}  /usr/local/bin/kubectl" | sha256sum --check \
  && curl -fsSLo /tmp/helm.tar.gz "https://get.helm.sh/helm-v${HELM_VERSION}-linux-${TARGETARCH}.tar.gz" \
  && echo "${HELM_SHA256}  /tmp/helm.tar.gz" | sha256sum --check \
  && tar -xzf /tmp/helm.tar.gz -C /usr/local/bin --strip-components=1 "linux-${TARGETARCH}/helm" \
  && chmod 0755 /usr/local/bin/kubectl /usr/local/bin/helm

FROM ${BASE} AS fetched-tofu
ARG TARGETARCH=amd64
ARG TOFU_VERSION=1.10.6
ARG TOFU_SHA256
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/*
RUN test -n "$TOFU_SHA256" \
  && curl -fsSLo /tmp/tofu.tar.gz "https://github.com/opentofu/opentofu/releases/download/v${TOFU_VERSION}/tofu_${TOFU_VERSION}_linux_${TARGETARCH}.tar.gz" \
  && echo "${TOFU_SHA256}  /tmp/tofu.tar.gz" | sha256sum --check \
  && tar -xzf /tmp/tofu.tar.gz -C /usr/local/bin tofu && chmod 0755 /usr/local/bin/tofu

# A stage of its own, since COPY --from takes no variable.
FROM ${TOOLS} AS tools
FROM ${TOFU} AS tofu

FROM ${BASE} AS holdfast
LABEL org.opencontainers.image.title=holdfast org.opencontainers.image.licenses=Apache-2.0
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn-* \
  && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin holdfast \
  && install --directory --owner=10001 --group=10001 /data
COPY --from=tools /usr/local/bin/kubectl /usr/local/bin/helm /usr/local/bin/
COPY --from=build /src/node_modules /app/node_modules
COPY --from=build /src/dist /app/dist
COPY --from=build /src/sbom.cdx.json /app/sbom.cdx.json
COPY package.json LICENSE /app/
COPY bin /app/bin
ENV NODE_ENV=production HOLDFAST_DATA=/data HOLDFAST_KUSTOMIZE=/usr/local/bin/kubectl HOME=/tmp
WORKDIR /data
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/app/bin/holdfast"]
CMD ["run"]

# For Ansible units: docker build --target holdfast-ansible
FROM holdfast AS holdfast-ansible
USER 0
RUN apt-get update && apt-get install --yes --no-install-recommends ansible-core openssh-client python3 \
  && rm -rf /var/lib/apt/lists/*
USER 10001:10001

# For Terraform and OpenTofu units: docker build --target holdfast-tofu
FROM holdfast AS holdfast-tofu
COPY --from=tofu /usr/local/bin/tofu /usr/local/bin/
ENV HOLDFAST_TERRAFORM=/usr/local/bin/tofu
USER 10001:10001

# What is built where no target is named.
FROM holdfast
