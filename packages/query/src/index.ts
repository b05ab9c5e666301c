// query: cast vote records as Parquet, SQL over them, and counting a large export with all cores.
export * from './columns.ts';
export * from './writeParquet.ts';
export * from './database.ts';
