// Runs one of our TypeScript programs: `node scripts/run.js scripts/start.ts …`. Written in JavaScript that every Node can parse, because
// an old Node must be told what is wrong in a sentence before it meets a file it cannot read.
'use strict';
var needed = 24;
if (parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(
    'this needs Node ' +
      needed +
      ' or newer and found Node ' +
      process.versions.node +
      '; `npm ci` brings it for Linux and Windows on x64 and Linux on arm64, elsewhere install it from https://nodejs.org\n',
  );
  process.exitCode = 64;
} else {
  process.argv.splice(1, 1);
  void import('node:path')
    .then(function (path) {
      return import('node:url').then(function (url) {
        return url.pathToFileURL(path.resolve(process.argv[1])).href;
      });
    })
    .then(function (file) {
      return import(file);
    });
}
