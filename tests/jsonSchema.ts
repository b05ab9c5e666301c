// What of a JSON Schema (draft 4) a value breaks: the keywords that NIST's schemas use, and no others, so that a schema that uses more is an error here
// and not a test that passes.
interface Schema {
  readonly [keyword: string]: unknown;
}

const known = new Set([
  '$schema', '$ref', 'definitions', 'type', 'enum', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'oneOf',
  'format', 'pattern', 'refTypes',
]); // prettier-ignore

/** Each fault with its path; empty: the value is valid. */
export function faultsOf(schema: Schema, value: unknown, path = '$', root: Schema = schema): string[] {
  for (const keyword of Object.keys(schema))
    if (!known.has(keyword)) throw new Error(`the keyword ${keyword} is not checked`);
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const name = /^#\/definitions\/(.+)$/.exec(ref)![1]!;
    return faultsOf((root['definitions'] as Record<string, Schema>)[name]!, value, path, root);
  }
  const faults: string[] = [];
  const type = schema['type'];
  const types: Record<string, (v: unknown) => boolean> = {
    string: (v) => typeof v === 'string',
    integer: (v) => Number.isInteger(v),
    number: (v) => typeof v === 'number',
    boolean: (v) => typeof v === 'boolean',
    array: (v) => Array.isArray(v),
    object: (v) => typeof v === 'object' && v !== null && !Array.isArray(v),
  };
  if (typeof type === 'string' && !types[type]!(value)) return [`${path}: not ${type}`];
  const allowed = schema['enum'] as unknown[] | undefined;
  if (allowed !== undefined && !allowed.includes(value))
    faults.push(`${path}: ${JSON.stringify(value)} is none of ${allowed.join(', ')}`);
  if (
    schema['format'] === 'date-time' &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value))
  )
    faults.push(`${path}: no date-time: ${String(value)}`);
  if (typeof schema['pattern'] === 'string' && !new RegExp(schema['pattern'], 'u').test(String(value)))
    faults.push(`${path}: not ${schema['pattern']}`);
  const oneOf = schema['oneOf'] as Schema[] | undefined;
  if (oneOf !== undefined) {
    const fitting = oneOf.filter((s) => faultsOf(s, value, path, root).length === 0);
    if (fitting.length !== 1) faults.push(`${path}: ${fitting.length} of ${oneOf.length} alternatives`);
  }
  if (Array.isArray(value)) {
    if (value.length < Number(schema['minItems'] ?? 0)) faults.push(`${path}: ${value.length} items`);
    const items = schema['items'] as Schema | undefined;
    if (items !== undefined)
      value.forEach((v, i) => faults.push(...faultsOf(items, v, `${path}[${i}]`, root)));
  } else if (typeof value === 'object' && value !== null) {
    const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
    for (const name of (schema['required'] ?? []) as string[])
      if (!Object.hasOwn(value, name)) faults.push(`${path}: no ${name}`);
    for (const [name, v] of Object.entries(value)) {
      const property = properties[name];
      if (property !== undefined) faults.push(...faultsOf(property, v, `${path}.${name}`, root));
      else if (schema['additionalProperties'] === false) faults.push(`${path}: unknown ${name}`);
    }
  }
  return faults;
}
