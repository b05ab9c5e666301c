// contract: the HTTP API as one object of schemas, for server and web alike.
export * from './call.ts';
export * from './finding.ts';
export * from './openapi.ts';
export * from './route.ts';
export * from './routes.ts';
export * from './shapes.ts';
export { signInRoutes } from './signInRoutes.ts';
