// Few rules, all on. What prettier and the compiler say is not said again.

import tseslint from "typescript-eslint";

/** Each of these has found a mistake, or keeps one from being made. */
const rules = {
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": "error",
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-unused-vars": [
    "error",
    {argsIgnorePattern: "^_", varsIgnorePattern: "^_"},
  ],
  "@typescript-eslint/consistent-type-imports": ["error", {disallowTypeAnnotations: false}],
  "@typescript-eslint/switch-exhaustiveness-check": [
    "error",
    {considerDefaultExhaustiveForUnions: true},
  ],
  eqeqeq: ["error", "always", {null: "ignore"}],
  "no-var": "error",
  "prefer-const": "error",
  "no-console": ["error", {allow: ["error"]}],
  "no-restricted-syntax": [
    "error",
    {selector: "ExportAllDeclaration", message: "index.ts lists names"},
    {selector: "ExportDefaultDeclaration", message: "every export has a name"},
    {
      selector: "TSEnumDeclaration",
      message: "a union of strings says the same and needs no code",
    },
  ],
};

export default tseslint.config(
  {ignores: ["dist/**", "node_modules/**", "evidence/**"]},
  {
    files: [
      "src/**/*.ts",
      "bin/**/*.ts",
      "bench/**/*.ts",
      "notebooks/**/*.ts",
      "site/**/*.ts",
      "test/**/*.ts",
    ],
    extends: [tseslint.configs.base],
    languageOptions: {parserOptions: {projectService: true}},
    rules,
  },
  {
    // Tools that read their configuration want it as the default.
    files: ["bin/vite.config.ts", "bin/model.vite.config.ts", "bench/vite.config.ts"],
    rules: {"no-restricted-syntax": "off"},
  },
);
