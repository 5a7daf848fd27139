/**
 * The only script of a page: keys and a filter over articles and rows that are there without it. It reads the page and writes to `hidden`,
 * `open`, the focus and one counter; no text of the page is ever made into markup or code.
 */
export const pageScript = `(() => {
  'use strict';
  const all = () => [...document.querySelectorAll('article, [data-row]')];
  const shown = () => [...document.querySelectorAll('article')].filter(item => !item.hidden);
  const tools = document.querySelector('.tools');
  if (tools === null) return;
  tools.hidden = false;
  const filter = tools.querySelector('input');
  const count = tools.querySelector('output');
  const help = document.querySelector('dialog');
  const texts = new Map();
  const textOf = item => {
    let text = texts.get(item);
    if (text === undefined) texts.set(item, (text = item.textContent.toLowerCase()));
    return text;
  };
  let run = 0;
  const apply = () => {
    const words = filter.value.toLowerCase().split(' ').filter(Boolean);
    const items = all();
    const mine = ++run;
    let kept = 0;
    const step = from => {
      if (mine !== run) return;
      const until = performance.now() + 30;
      let at = from;
      while (at < items.length && performance.now() < until) {
        const item = items[at++];
        const fits = words.length === 0 || words.every(word => textOf(item).includes(word));
        if (item.hidden === fits) item.hidden = !fits;
        if (fits) kept++;
      }
      if (at < items.length) return void setTimeout(step, 0, at);
      // a group of which nothing is left takes no room
      for (const group of document.querySelectorAll('.group')) group.hidden = group.querySelector('article:not([hidden])') === null;
      count.value = words.length === 0 ? '' : kept + ' of ' + items.length + ' shown';
    };
    step(0);
  };
  let timer;
  filter.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 120);
  });
  const go = step => {
    const items = shown();
    if (items.length === 0) return;
    const now = document.activeElement?.closest('article');
    const at = now === null ? -1 : items.indexOf(now);
    const next = items[Math.min(items.length - 1, Math.max(0, at + (at === -1 && step < 0 ? 0 : step)))];
    const target = next.querySelector('summary') ?? next;
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  };
  const toggle = () => {
    const items = shown().map(item => item.querySelector('details')).filter(Boolean);
    const open = !items.every(item => item.open);
    const step = from => {
      const until = performance.now() + 30;
      let at = from;
      while (at < items.length && performance.now() < until) items[at++].open = open;
      if (at < items.length) setTimeout(step, 0, at);
    };
    step(0);
  };
  tools.querySelector('[data-do=expand]')?.addEventListener('click', toggle);
  tools.querySelector('[data-do=help]')?.addEventListener('click', () => help?.showModal());
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog[open]');
    if (inside) {
      if (event.key === 'Escape' && event.target === filter) filter.blur();
      return;
    }
    const act = { n: () => go(1), j: () => go(1), p: () => go(-1), k: () => go(-1), e: toggle, '/': () => filter.focus(), '?': () => help?.showModal() }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  const opened = new Set();
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('article > details:not([open])')) opened.add(details);
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
    opened.clear();
  });
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  target?.querySelector('details')?.setAttribute('open', '');
})();`;
