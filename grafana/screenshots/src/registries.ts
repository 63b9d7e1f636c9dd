// What Grafana registers at its start and is not on npm: which field options there are, and the transformations that the
// dashboards use.

import {
  dataLinksOverrideProcessor, displayNameOverrideProcessor, FieldColorModeId, identityOverrideProcessor,
  numberOverrideProcessor, standardTransformers, thresholdsOverrideProcessor, ThresholdsMode, unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const OPTIONS: [string, unknown, unknown?][] = [
  ['unit', unitOverrideProcessor],
  ['min', numberOverrideProcessor],
  ['max', numberOverrideProcessor],
  ['decimals', numberOverrideProcessor],
  ['displayName', displayNameOverrideProcessor],
  ['noValue', identityOverrideProcessor],
  ['color', identityOverrideProcessor, { mode: FieldColorModeId.Thresholds }],
  ['links', dataLinksOverrideProcessor, []],
  ['mappings', valueMappingsOverrideProcessor, []],
  ['thresholds', thresholdsOverrideProcessor,
    { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'green' }] }],
];

export const fieldOptions = () => OPTIONS.map(([id, process, defaultValue]) => ({
  id, path: id, name: id, process, defaultValue, editor: () => null, override: () => null, shouldApply: () => true,
})) as any[];

export const transformers = () => [
  standardTransformers.filterFieldsByNameTransformer,
  standardTransformers.organizeFieldsTransformer,
].map((transformation) => ({
  id: transformation.id, name: transformation.name, transformation: async () => transformation, editor: () => null,
})) as any[];
