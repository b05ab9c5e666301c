// server: the desk over HTTP.
export * from './app.ts';
export * from './attempts.ts';
export * from './backup.ts';
export * from './desk.ts';
export * from './handlers.ts';
export * from './open.ts';
export { OpenId, readOpenIdSettings } from './openId.ts';
export * from './pages.ts';
export * from './serve.ts';
export { createAccount } from './signIn.ts';
export { keyProof } from './signInHandlers.ts';
export { addSite } from './site/serve.ts';
