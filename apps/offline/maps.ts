// County shapes, made when the page is built: each state's counties projected flat, rounded to whole units of a drawing 1,000 wide, as SVG
// paths. Shapes: U.S. Census Bureau by way of us-atlas (ISC). At run time no projection and no data of the whole country are needed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoConicEqualArea, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import { jurisdictionId } from '@opencanvass/evidence/election';
import type { FeatureCollection } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { StateMap } from './src/stateMap.ts';

/** FIPS codes of the states by the Census Bureau (ANSI INCITS 38). */
const fips: Readonly<Record<string, string>> = {
  AL: '01', AK: '02', AZ: '04', AR: '05', CA: '06', CO: '08', CT: '09', DE: '10', DC: '11', FL: '12', GA: '13', HI: '15', ID: '16',
  IL: '17', IN: '18', IA: '19', KS: '20', KY: '21', LA: '22', ME: '23', MD: '24', MA: '25', MI: '26', MN: '27', MS: '28', MO: '29',
  MT: '30', NE: '31', NV: '32', NH: '33', NJ: '34', NM: '35', NY: '36', NC: '37', ND: '38', OH: '39', OK: '40', OR: '41', PA: '42',
  RI: '44', SC: '45', SD: '46', TN: '47', TX: '48', UT: '49', VT: '50', VA: '51', WA: '53', WV: '54', WI: '55', WY: '56',
}; // prettier-ignore

const width = 1000;

/** The map of one state, by its two-letter code. */
export function stateMap(state: string): StateMap {
  const code = fips[state];
  if (code === undefined) throw new RangeError(`no state has the code ${state}`);
  const counties = allCounties().features.filter((f) => String(f.id).startsWith(code));
  const collection = { type: 'FeatureCollection' as const, features: counties };
  const lon = counties.flatMap((f) => coordinatesOf(f.geometry).map((c) => c[0]));
  const lat = counties.flatMap((f) => coordinatesOf(f.geometry).map((c) => c[1]));
  // Alaska's islands cross the 180th meridian; seen from 360° they are whole.
  const east = Math.max(...lon.map((x) => (state === 'AK' && x > 0 ? x - 360 : x)));
  const west = Math.min(...lon.map((x) => (state === 'AK' && x > 0 ? x - 360 : x)));
  const south = Math.min(...lat);
  const north = Math.max(...lat);
  const projection = geoConicEqualArea()
    .rotate([-(east + west) / 2, 0])
    .parallels([south + (north - south) / 6, north - (north - south) / 6])
    .fitWidth(width, collection);
  const path = geoPath(projection).digits(0);
  const height = Math.ceil(path.bounds(collection)[1][1]);
  return {
    state,
    width,
    height,
    counties: counties.map((f) => {
      const { name } = f.properties as { name: string };
      return { id: jurisdictionId(name), name, path: path(f) ?? '' };
    }),
  };
}

export const states = Object.keys(fips);

function allCounties(): FeatureCollection {
  const file = createRequire(import.meta.url).resolve('us-atlas/counties-10m.json');
  const topology = JSON.parse(readFileSync(file, 'utf8')) as Topology<{ counties: GeometryCollection }>;
  return feature(topology, topology.objects.counties);
}

const coordinatesOf = (geometry: GeoJSON.Geometry): [number, number][] =>
  JSON.stringify(geometry)
    .match(/\[-?[\d.]+,-?[\d.]+\]/g)!
    .map((pair) => JSON.parse(pair) as [number, number]);
