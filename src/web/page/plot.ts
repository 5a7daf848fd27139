import type { Incident } from '../../incidents/incident.ts';
import { html, type Markup } from '../../report/markup.ts';

const hours = 24;
const [width, height, left, bottom] = [720, 150, 46, 26] as const;

/** How many incidents were open at each of `steps` moments of the last day, oldest first. */
export function openOverTime(
  incidents: readonly Incident[],
  now: string,
  steps = 96,
): { at: string; open: number }[] {
  const end = Date.parse(now);
  return [...Array(steps + 1).keys()].map(index => {
    const at = end - hours * 3_600_000 * (1 - index / steps);
    const open = incidents.filter(({ openedAt, resolvedAt, state }) => {
      const until = state === 'resolved' ? Date.parse(resolvedAt ?? openedAt) : Number.POSITIVE_INFINITY;
      return Date.parse(openedAt) <= at && at < until;
    }).length;
    return { at: new Date(at).toISOString(), open };
  });
}

/** Drift over time as a drawing, with the same in words for who cannot see it. */
export function plot(incidents: readonly Incident[], now: string): Markup {
  const points = openOverTime(incidents, now);
  const most = Math.max(1, ...points.map(({ open }) => open));
  const x = (index: number) => left + (index / (points.length - 1)) * (width - left - 8);
  const y = (open: number) => 8 + (1 - open / most) * (height - bottom - 8);
  const line = points
    .map(
      ({ open }, index) =>
        `${index === 0 ? 'M' : 'H'}${round(x(index))}${index === 0 ? ` ${round(y(open))}` : ''} V${round(y(open))}`,
    )
    .join(' ');
  const last = points.at(-1)?.open ?? 0;
  const words = `Open incidents over the last ${hours} hours: at most ${most === 1 && last === 0 && points.every(({ open }) => open === 0) ? 0 : most}, now ${last}.`;
  const marks = [0, 6, 12, 18, 24].map(
    hour =>
      html`<text x="${round(left + (hour / hours) * (width - left - 8))}" y="${height - 5}" text-anchor="${hour === 0 ? 'start' : hour === 24 ? 'end' : 'middle'}">${hour === 24 ? 'now' : `-${hours - hour} h`}</text>`,
  );
  return html`<figure class="plot"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
<path class="axis" d="M${left} 8 V${height - bottom} H${width - 8}"/><text x="${left - 6}" y="14" text-anchor="end">${most}</text><text x="${left - 6}" y="${height - bottom}" text-anchor="end">0</text>${marks}
<path class="area" d="${line} V${height - bottom} H${left} Z"/><path class="line" d="${line}"/></svg><figcaption class="soft">${words}</figcaption></figure>
`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
