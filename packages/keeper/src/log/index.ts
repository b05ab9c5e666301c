// log: what a log's keeper and its witnesses do: grow the tree, prove, write tiles, sign. Its counterpart that checks is the
// room log/ of evidence; the two share definitions (hashes of a leaf and a node, paths, key ids, what is signed) and no more.
export * from './growingTree.ts';
export * from './prove.ts';
export * from './sign.ts';
export * from './writeTiles.ts';
