// The county map: real shapes, coloured by how far the hand count moved the margin, and which way. Each county is a button: click it, or
// move with the arrow keys, and its figures stand beside the map.
import { inflateSync, strFromU8 } from 'fflate';
import { fromBase64 } from '@opencanvass/evidence/bytes';
import type { JurisdictionId } from '@opencanvass/evidence/election';
import { svg } from './dom.ts';
import type { StateMap } from './stateMap.ts';

/** Every state's map, compressed, put here by the build (maps.ts). */
declare const COUNTY_MAPS: Readonly<Record<string, string>>;

export function mapOf(state: string | undefined): StateMap | undefined {
  const packed = state === undefined ? undefined : COUNTY_MAPS[state];
  return packed === undefined
    ? undefined
    : (JSON.parse(strFromU8(inflateSync(fromBase64(packed)!))) as StateMap);
}

export interface Shade {
  /** A class of the style sheet: the same in the map, the key and the bars. */
  readonly className: string;
  readonly label: string;
}

export function drawMap(
  map: StateMap,
  label: string,
  shadeOf: (id: JurisdictionId) => Shade,
  choose: (id: JurisdictionId) => void,
): { readonly element: SVGSVGElement; readonly mark: (id: JurisdictionId) => void } {
  const inOrder = [...map.counties].sort((a, b) => (a.name < b.name ? -1 : 1));
  const shapes = new Map<JurisdictionId, SVGPathElement>();
  const outline = svg('path', { class: 'chosen', 'aria-hidden': 'true' });
  const mark = (id: JurisdictionId): void => {
    for (const [other, shape] of shapes) {
      shape.setAttribute('tabindex', other === id ? '0' : '-1');
      shape.setAttribute('aria-pressed', String(other === id));
    }
    outline.setAttribute('d', map.counties.find((c) => c.id === id)?.path ?? '');
  };
  const step = (from: number, by: number): void => {
    const next = inOrder[(from + by + inOrder.length) % inOrder.length]!;
    choose(next.id);
    shapes.get(next.id)?.focus();
  };
  const paths = inOrder.map(({ id, name, path }, i) => {
    const shade = shadeOf(id);
    const shape = svg(
      'path',
      {
        d: path,
        class: shade.className,
        role: 'button',
        tabindex: i === 0 ? 0 : -1,
        'aria-pressed': 'false',
        'aria-label': `${name}: ${shade.label}`,
        onclick: () => choose(id),
        onkeydown: (event) => {
          const { key } = event as KeyboardEvent;
          if (key === 'ArrowRight' || key === 'ArrowDown') step(i, 1);
          else if (key === 'ArrowLeft' || key === 'ArrowUp') step(i, -1);
          else if (key === 'Enter' || key === ' ') choose(id);
          else return;
          event.preventDefault();
        },
      },
      svg('title', {}, `${name}: ${shade.label}`),
    );
    shapes.set(id, shape);
    return shape;
  });
  const element = svg(
    'svg',
    { class: 'map', viewBox: `-4 -4 ${map.width + 8} ${map.height + 8}`, role: 'group', 'aria-label': label },
    ...paths,
    outline,
  );
  return { element, mark };
}
