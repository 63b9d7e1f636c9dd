// Validates Kubernetes documents, a JSON array on standard input, against the API's own types: a key that these do not
// have is an error. Prints a JSON array with the errors of each document.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { createGenerator } from "ts-json-schema-generator";

const here = (name) => new URL(name, import.meta.url).pathname;

const schema = createGenerator({
  path: here("kinds.d.ts"),
  tsconfig: here("tsconfig.json"),
  type: "Kinds",
  skipTypeCheck: true,
  additionalProperties: false,
}).createSchema("Kinds");

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

// Of all kinds only the one that the document says it is: that the others are missing is no error.
function errorsOf(document) {
  if (validate({ [document.kind]: document })) return [];
  return validate.errors
    .filter(({ instancePath, params }) => instancePath !== "" || params.additionalProperty !== undefined)
    .map(({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`);
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(errorsOf)));
