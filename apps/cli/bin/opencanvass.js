#!/usr/bin/env node
// The door. Written in JavaScript that every Node can parse, because an old Node must be told what is wrong in a sentence:
// it cannot read the rest of the program, and our database driver crashes it without a word.
'use strict';
var needed = 24;
if (parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(
    'opencanvass needs Node ' +
      needed +
      ' or newer and found Node ' +
      process.versions.node +
      '; run it with `npm exec opencanvass`, which brings its own, or install Node ' +
      needed +
      ' from https://nodejs.org\n',
  );
  process.exitCode = 64;
} else {
  void import('node:module')
    .then(function (module) {
      module.enableCompileCache();
      return import('../src/main.ts');
    })
    .then(function (main) {
      return main.main();
    });
}
