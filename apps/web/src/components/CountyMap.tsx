// The counties of a state, each in the colour and the pattern of how far it is. The table beside it says the same in words, so this is a picture.
import type { StateMap } from '@opencanvass/offline/stateMap';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';

export type Look = 'none' | 'some' | 'all' | 'outside';

/** A county without a look takes no part. */
export function CountyMap({
  state,
  label,
  lookOf,
  legend,
}: {
  /** 'GA' */
  readonly state: string;
  readonly label: string;
  readonly lookOf: ReadonlyMap<string, { readonly look: Look; readonly title: string }>;
  readonly legend: readonly { readonly look: Look; readonly words: string }[];
}) {
  const id = useId();
  const map = useQuery<StateMap | null>({
    queryKey: ['map', state],
    queryFn: async () => {
      const answer = await fetch(`/desk/maps/${state}.json`);
      return answer.headers.get('content-type') === 'application/json'
        ? ((await answer.json()) as StateMap)
        : null;
    },
    staleTime: Infinity,
  }).data;
  if (map === undefined || map === null || !map.counties.some((c) => lookOf.has(c.id))) return null;
  const fill = (look: Look) => `url(#${id}-${look})`;
  return (
    <figure className="county-map">
      <svg viewBox={`-4 -4 ${map.width + 8} ${map.height + 8}`} role="img" aria-label={label}>
        <Patterns id={id} />
        {map.counties.map((c) => {
          const { look, title } = lookOf.get(c.id) ?? { look: 'outside' as const, title: c.name };
          return (
            <path key={c.id} d={c.path} fill={fill(look)} data-look={look}>
              <title>{title}</title>
            </path>
          );
        })}
      </svg>
      <figcaption>
        {legend.map(({ look, words }) => (
          <span key={look}>
            <svg viewBox="0 0 48 32" aria-hidden="true">
              <rect width="48" height="32" fill={fill(look)} />
            </svg>
            {words}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** Nothing: white. Some: light with stripes. All: full colour. */
function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      <pattern id={`${id}-outside`} width="16" height="16" patternUnits="userSpaceOnUse">
        <rect width="16" height="16" fill="#f0f0f0" />
      </pattern>
      <pattern id={`${id}-none`} width="16" height="16" patternUnits="userSpaceOnUse">
        <rect width="16" height="16" fill="#fff" />
        <circle cx="8" cy="8" r="2.4" fill="#71767a" />
      </pattern>
      <pattern
        id={`${id}-some`}
        width="16"
        height="16"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="16" height="16" fill="#d9e8f6" />
        <rect width="8" height="16" fill="#73b3e7" />
      </pattern>
      <pattern id={`${id}-all`} width="16" height="16" patternUnits="userSpaceOnUse">
        <rect width="16" height="16" fill="#1a4480" />
      </pattern>
    </defs>
  );
}
