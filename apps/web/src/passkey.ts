// Passkeys: what the desk asks is given to the browser, and what the browser answers to the desk.
import { routes, type Output } from '@opencanvass/contract';
import {
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { ask, Refused } from './api.ts';

/** Signs in with whichever passkey of this desk the person picks; throws Refused. */
export async function signInByPasskey(): Promise<Output<typeof routes.passkeySignIn>> {
  const { challenge, options } = await ask(routes.passkeyChallenge, {});
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  const credential = await given(startAuthentication({ optionsJSON }));
  return ask(routes.passkeySignIn, { body: { challenge, credential: loose(credential) } });
}

/** Makes a passkey on this device and tells the desk of it under this name; throws Refused. */
export async function addPasskey(name: string): Promise<void> {
  const { challenge, options } = await ask(routes.newPasskey, {});
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const credential = await given(startRegistration({ optionsJSON }));
  await ask(routes.addPasskey, { body: { challenge, name, credential: loose(credential) } });
}

/** The contract reads no more of an answer than its id; the rest is the server's library's to check. */
const loose = (credential: { readonly id: string; readonly response: object }) => ({
  ...credential,
  response: { ...credential.response } as Record<string, unknown>,
});

/** The browser's answer. It has none where somebody cancels, waits too long, or has no passkey of this desk. */
async function given<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (fault) {
    const known = fault instanceof Error && fault.name === 'InvalidStateError';
    throw new Refused(0, { code: known ? 'passkey-known-already' : 'passkey-not-given' });
  }
}
