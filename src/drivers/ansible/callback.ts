/**
 * The callback plugin that tells us what a playbook does: one JSON document per line, into the file that HOLDFAST_EVENTS names, so that
 * nothing that a playbook prints is taken for it. While checking it is also a guard: before a task that would really run
 * (`check_mode: false`, however it came to be so) and that nobody has allowed, it ends the whole run.
 */
export const callbackPlugin = `
import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = '''
name: holdfast
type: stdout
short_description: events for Holdfast
description: One JSON document per event.
'''

ITEM = ('changed', 'skipped', 'failed', 'msg', 'diff', 'skip_reason', 'false_condition')


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'holdfast'

    def __init__(self):
        super().__init__()
        self._events = open(os.environ['HOLDFAST_EVENTS'], 'a', encoding='utf-8')
        self._checking = os.environ.get('HOLDFAST_CHECKING') == '1'
        self._allowed = json.loads(os.environ.get('HOLDFAST_ALLOWED', '[]'))
        self._handlers = set()

    def _tell(self, **event):
        self._events.write(json.dumps(event, default=str) + '\\n')
        self._events.flush()

    def _guard(self, task):
        really = getattr(task, 'check_mode', True) is not True
        if self._checking and really and (task.name or task.action) not in self._allowed:
            self._tell(event='refused', task=task.get_name(), path=task.get_path())
            self._events.close()
            os._exit(97)

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._guard(task)

    def v2_playbook_on_handler_task_start(self, task):
        self._handlers.add(task._uuid)
        self._guard(task)

    def v2_playbook_on_cleanup_task_start(self, task):
        self._guard(task)

    def _result(self, event, result, ignored=False):
        task = result._task
        whole = result._result
        hidden = bool(whole.get('_ansible_no_log')) or 'censored' in whole or bool(task.no_log)
        items = whole.get('results') if task.loop or task.loop_with else None
        parts = items if isinstance(items, list) and items else [whole]
        self._tell(
            event=event,
            host=result._host.get_name(),
            task=task.get_name(),
            action=task.action,
            path=task.get_path(),
            handler=task._uuid in self._handlers,
            ignored=ignored,
            hidden=hidden,
            changed=bool(whole.get('changed')),
            parts=[self._part(part, hidden) for part in parts if isinstance(part, dict)],
        )

    def _part(self, part, hidden):
        hidden = hidden or bool(part.get('_ansible_no_log')) or 'censored' in part
        kept = {key: part[key] for key in ITEM if key in part and not (hidden and key in ('msg', 'diff'))}
        kept['hidden'] = hidden
        return kept

    def v2_runner_on_ok(self, result):
        self._result('ok', result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._result('failed', result, ignored=bool(ignore_errors))

    def v2_runner_on_skipped(self, result):
        self._result('skipped', result)

    def v2_runner_on_unreachable(self, result):
        self._result('unreachable', result)

    def v2_playbook_on_stats(self, stats):
        hosts = sorted(stats.processed.keys())
        self._tell(event='stats', hosts={host: stats.summarize(host) for host in hosts})
        self._events.close()
`;
