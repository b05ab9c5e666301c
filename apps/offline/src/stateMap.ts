// One state's counties as SVG paths, as the build makes them (maps.ts) and the page draws them (map.ts).
import type { JurisdictionId } from '@opencanvass/evidence/election';

export interface StateMap {
  readonly state: string;
  readonly width: number;
  readonly height: number;
  readonly counties: readonly {
    readonly id: JurisdictionId;
    readonly name: string;
    readonly path: string;
  }[];
}
