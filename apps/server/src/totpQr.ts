// The key of an authenticator as a picture that a telephone reads: an SVG, made here, so that the key goes to nobody else.
import { toString } from 'qrcode';

export const totpQr = (uri: string): Promise<string> =>
  toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
