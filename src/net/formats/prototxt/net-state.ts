// Which layers the network has that is trained: rules of phase, level and stage, as Caffe's
// NetStateRule.
import type { Fields } from './fields.js';
import type { Issues } from './issues.js';
import type { Place } from './tokens.js';

/** What the rules are held against; the phase is TRAIN. */
export interface NetState {
  readonly level: number;
  readonly stages: readonly string[];
}

/** The state that a network file gives itself. Its phase does not count: the solver sets it. */
export function stateOf(fields: Fields): NetState {
  const [state] = fields.messages('state');
  return {
    level: state?.number(['level'], 0) ?? 0,
    stages: state === undefined ? [] : stagesOf(state, 'stage'),
  };
}

/** Whether a layer is in the network that is trained: if it has rules to include it, one of them
 *  must be met, and none of those that exclude it. */
export function isInTraining(
  layer: Fields,
  of: { readonly name: string; readonly place: Place },
  state: NetState,
  issues: Issues,
): boolean {
  const [including, excluding] = [layer.messages('include'), layer.messages('exclude')];
  if (including.length > 0 && excluding.length > 0) {
    issues.add(of.place, `layer "${of.name}" has include and exclude rules, wanted one kind`);
  }
  const isMet = (rule: Fields): boolean => meets(rule, of.name, state);
  if (including.length > 0) return including.map(isMet).includes(true);
  return !excluding.map(isMet).includes(true);
}

function meets(rule: Fields, layer: string, { level, stages }: NetState): boolean {
  const phase = rule.all('phase')[0]?.value;
  const isTest =
    phase !== undefined && (phase.kind === 'number' ? phase.number === 1 : isNamed(phase, 'TEST'));
  const [least, most] = [
    rule.number(['min_level'], -Infinity),
    rule.number(['max_level'], Infinity),
  ];
  const wanted = stagesOf(rule, 'stage');
  const unwanted = stagesOf(rule, 'not_stage');
  rule.rejectOthers(`layer "${layer}"`);
  return (
    !isTest &&
    level >= least &&
    level <= most &&
    wanted.every((stage) => stages.includes(stage)) &&
    !unwanted.some((stage) => stages.includes(stage))
  );
}

function isNamed(value: object, name: string): boolean {
  return 'text' in value && value.text === name;
}

function stagesOf(fields: Fields, name: string): readonly string[] {
  return fields.all(name).flatMap(({ value }) => ('text' in value ? [value.text] : []));
}
