import js from "@eslint/js";
import globals from "globals";

export default [
    { ignores: [".local/**", "**/static/lib/**"] },
    js.configs.recommended,
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" },
        },
        rules: {
            "no-console": "error",
            "no-alert": "error",
            "no-var": "error",
            "prefer-const": "error",
            "object-shorthand": "error",
            eqeqeq: "error",
            curly: "error",
        },
    },
];
