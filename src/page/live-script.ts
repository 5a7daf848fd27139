/**
 * Of a page that the daemon serves: when told that something changed it asks for the same page again and takes over its main
 * part, header and title. What was open and focused stays so. The answer comes from the same origin, escaped as the first one was.
 */
export const liveScript = `(() => {
  'use strict';
  let busy = false;
  let again = false;
  const take = (from, selector) => {
    const [old, now] = [document.querySelector(selector), from.querySelector(selector)];
    if (old === null || now === null) return;
    for (const details of old.querySelectorAll('details')) {
      const id = details.parentElement?.id;
      const twin = id ? now.querySelector('#' + CSS.escape(id) + ' > details') : null;
      if (twin !== null) twin.open = details.open;
    }
    const tools = old.querySelector('.tools');
    const fresh = now.querySelector('.tools');
    const focused = old.contains(document.activeElement) ? document.activeElement.closest('[id]')?.id : undefined;
    if (tools !== null && fresh !== null) fresh.replaceWith(tools);
    old.replaceChildren(...now.childNodes);
    if (focused) (document.querySelector('#' + CSS.escape(focused) + ' summary') ?? document.getElementById(focused))?.focus({ preventScroll: true });
  };
  const refresh = async () => {
    if (busy) return void (again = true);
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' }, redirect: 'error' });
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      document.title = next.title;
      take(next, 'header.top');
      take(next, 'main');
    } catch {
      // the next event tries again
    } finally {
      busy = false;
      if (again) {
        again = false;
        void refresh();
      }
    }
  };
  const events = new EventSource('/events');
  events.addEventListener('changed', () => void refresh());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void refresh());
})();`;
