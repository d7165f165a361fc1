module.exports = {
  extends: ["@commitlint/config-conventional"],
  parserPreset: {
    parserOpts: {
      headerPattern: /^(?:\p{Extended_Pictographic}\uFE0F? )?([\p{L}\w]*)(?:\((.*)\))?!?: (.*)$/u,
      headerCorrespondence: ["type", "scope", "subject"],
    },
  },
};
