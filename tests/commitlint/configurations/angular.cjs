"use strict";

/** @type {import("@commitlint/types").UserConfig} */
const configuration = {
  extends: ["@commitlint/config-angular"],
  rules: { "scope-empty": [1, "never"] },
};
module.exports = configuration;
