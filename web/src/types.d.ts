// What the API sends, as global types for the checker. See docs at GET /openapi.json.

type RunState =
  | "queued"
  | "running"
  | "paused"
  | "finished"
  | "stopped"
  | "failed"
  | "diverged"
  | "pruned";

interface RunConfig {
  dataset: string;
  hidden: number[];
  batch_size: number;
  epochs: number;
  lr: number;
  seed: number;
  [field: string]: unknown;
}

interface Summary {
  points?: number;
  best_test_accuracy?: number | null;
  best_val_accuracy?: number | null;
  best_step?: number | null;
  train_seconds?: number | null;
  samples_per_second?: number | null;
  time_to_target?: number | null;
  eta_seconds?: number | null;
  [field: string]: unknown;
}

interface Run {
  id: number;
  name: string;
  state: RunState;
  stop_reason: string | null;
  error?: string | null;
  config: RunConfig;
  summary: Summary;
  environment: Record<string, unknown> | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  progress: number;
  sweep: number | null;
  parent: number | null;
  tags: string[];
  notes: string;
  archived: boolean;
  deleted?: boolean;
  layers?: string;
  parameters?: number;
  total_steps?: number;
  sparkline?: (number | null)[];
}

type Metric =
  | "train_loss"
  | "train_accuracy"
  | "test_loss"
  | "test_accuracy"
  | "val_loss"
  | "val_accuracy"
  | "lr"
  | "grad_norm";

type Axis = "step" | "epoch" | "samples" | "train_seconds";

type Point = { [name in Axis]: number } & { [name in Metric]?: number | null } & {
  cpu_seconds?: number | null;
  wall_time?: unknown;
};

interface Histogram {
  low: number;
  high: number;
  counts: number[];
}

/** One layer at one step; null or absent: not known there. */
interface LayerPoint {
  step: number;
  layer: number;
  weight_norm?: number | null;
  grad_norm?: number | null;
  update_ratio?: number | null;
  activation_mean?: number | null;
  activation_deviation?: number | null;
  dead_fraction?: number | null;
  saturated_fraction?: number | null;
  histograms?: Record<"weights" | "gradients" | "activations", Histogram> | null;
}

interface NoisePoint {
  step: number;
  gradient_squared: number | null;
  gradient_variance: number | null;
  noise_scale: number | null;
}

/** One field of a run's config, as the form sees it. */
interface Field {
  name: string;
  kind: "choice" | "integer" | "number" | "boolean" | "layers" | "text" | "list";
  nullable: boolean;
  choices: string[];
  default: unknown;
  help: string;
  /** where the name alone says too little */
  label?: string;
  /** what the choices are called */
  words?: Record<string, string>;
  /** what an empty box stands for */
  empty?: string;
  minimum?: number;
  maximum?: number;
}

interface Speed {
  run: number;
  dataset: string;
  layers: string;
  parameters: number;
  batch_size: number;
  samples_per_second: number;
}

interface SystemInfo {
  workers: { run: number | null; samples_per_second: number | null }[];
  queue: { queued: number; running: number; paused: number; limit: number };
  speed: Speed[];
  version: { version: string; revision: string; compiler: string };
  engine: { backend: string; cpu: string; cpus: number; os: string; threads: number };
  disk: { database_bytes: number; free_bytes: number; full: boolean; data_dir: string };
  uptime_seconds: number;
  events: Record<string, unknown>;
}

interface Dataset {
  name: string;
  title: string;
  description: string;
  present: boolean;
  hint?: string;
  width: number;
  height: number;
  features: number;
  classes: number;
  train_count: number;
  test_count: number;
  class_names: string[];
  class_counts?: { train: number[]; test: number[] };
  value_range?: [number, number];
  /** a person's own, which can be deleted */
  uploaded?: boolean;
  /** of an uploaded table: its values are standardised */
  columns?: Column[] | null;
}

/** A column of numbers: what stood in the file is value * deviation + mean. */
interface Column {
  name: string;
  mean: number;
  deviation: number;
}

interface Samples {
  width: number;
  height: number;
  samples: { index: number; label: number; values: number[] }[];
}

/** What a model gets wrong. */
interface Mistake {
  index: number;
  label: number;
  predicted: number;
  loss: number | null;
  outputs: (number | null)[];
  pixels?: number[];
  values?: number[];
}

interface ClassScore {
  label: number;
  name: string;
  support: number;
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

interface Mistakes {
  count: number;
  of: number;
  accuracy: number | null;
  classes: string[];
  confusion: number[][];
  per_class: ClassScore[];
  width: number;
  height: number;
  total: number;
  worst: Mistake[];
}

type Objective = "time_to_target" | "accuracy_within" | "best_accuracy" | "final_loss";

/** What one parameter of a sweep is chosen from; one of these members is there. Ranges are
 * [low, high]. */
interface ParameterRange {
  values?: unknown[];
  uniform?: unknown[];
  log_uniform?: unknown[];
  int_uniform?: unknown[];
  int_log_uniform?: unknown[];
}

/** The body of POST /sweeps. */
interface SweepSpec {
  name: string;
  notes: string;
  base: Record<string, unknown>;
  space: Record<string, ParameterRange>;
  sampler: "grid" | "random" | "sobol" | "tpe";
  pruner: "none" | "median" | "asha" | "projection";
  objective: Objective;
  max_runs: number | null;
  repeats: number;
  parallel: number | null;
  time_budget_s: number | null;
  timed: boolean;
  seed: number;
  eval_samples: number | null;
}

interface Sweep {
  id: number;
  name: string;
  notes: string;
  state: "running" | "paused" | "finished" | "stopped";
  stop_reason: string | null;
  error: string | null;
  spec: SweepSpec;
  total_runs: number;
  launched: number;
  settings: number;
  counts: Record<RunState, number>;
  progress: number;
  eta_seconds: number | null;
  wall_seconds: number;
  created_at: string;
  finished_at: string | null;
  deleted?: boolean;
}

interface SweepEstimate {
  total_runs: number;
  settings: number;
  samples_per_run: number;
  grid: boolean;
}

interface SweepParameter {
  name: string;
  kind: "choice" | "real" | "integer";
  log: boolean;
  values: unknown[] | null;
  low: number | null;
  high: number | null;
}

/** A run of a sweep: what it came to. */
interface Trial {
  run: number;
  cell: number;
  state: RunState;
  seed: number;
  seconds: number | null;
  final_loss: number | null;
  test_accuracy: number | null;
  /** seconds, accuracy, samples, step: each with a new best accuracy */
  steps: [number, number, number, number][];
}

/** A setting of a sweep: its runs under all seeds. */
interface Cell {
  values: unknown[];
  rank: number | null;
  reached: boolean | null;
  value: number | null;
  accuracy: number | null;
  low: number | null;
  high: number | null;
  trials: number;
  counted: number;
  reached_trials: number;
  live: number;
  pruned: number;
  diverged: number;
  failed: number;
}

interface Answer {
  cell: number;
  runs: number[];
  seeds: number;
  value: number;
  low: number;
  high: number;
  steps: number;
  samples: number;
  epochs: number;
  config: Record<string, unknown>;
  never: number;
  settings: number;
  runner_up: { cell: number; value: number; ratio: number } | null;
  test_accuracy: number | null;
}

interface Estimate {
  value: number;
  low: number;
  high: number;
}

interface BatchForecast {
  batch_size: number;
  steps: number;
  samples: number;
  seconds: number;
}

interface SweetSpot {
  points: (BatchForecast & { cell: number; seconds_per_step: number })[];
  steps_min: Estimate;
  samples_min: Estimate;
  critical_batch: Estimate;
  noise_scale: number | null;
  forecast: BatchForecast[];
  best: BatchForecast;
  half_ratio: number | null;
  double_ratio: number | null;
}

interface Analysis {
  sweep: number;
  state: Sweep["state"];
  objective: Objective;
  target: number;
  budget: number | null;
  clock: "cpu_seconds" | "train_seconds";
  metric: "val_accuracy" | "test_accuracy";
  train_count: number;
  parameters: SweepParameter[];
  trials: Trial[];
  cells: Cell[];
  answer: Answer | null;
  sweet_spot: SweetSpot | null;
  importance: { name: string; share: number }[] | null;
  importance_trials: number;
}

interface Projection {
  reached: boolean;
  chance: number;
  seconds: number | null;
  seconds_low: number | null;
  seconds_high: number | null;
  level: number;
  level_low: number;
  level_high: number;
}

interface ProjectionAnswer {
  target: number | null;
  horizon: number | null;
  points: number;
  metric: "val_accuracy" | "test_accuracy";
  projection: Projection | null;
}

interface Preset {
  name: string;
  title: string;
  description: string;
  kind: string;
  config: Record<string, unknown>;
}

interface Measured {
  name: string;
  value: number | null;
  unit: string;
}

interface Evidence {
  kind: "line" | "bars";
  title: string;
  x_title: string;
  y_title: string;
  log: boolean;
  series: { label: string; x: (number | string)[]; y: (number | null)[] }[];
  marks: { label: string; value: number | null }[];
}

interface Finding {
  code: string;
  severity: "critical" | "warning" | "note";
  title: string;
  text: string;
  measured: Measured;
  rule: string;
  threshold: number;
  evidence: Evidence | null;
  fix: { text: string; patch: Record<string, unknown> } | null;
}

interface Check {
  code: string;
  title: string;
  status: "ok" | "found" | "unknown";
  measured: Measured | null;
  rule: string;
}

interface Diagnosis {
  run: number;
  state: RunState;
  step: number;
  samples: number;
  findings: Finding[];
  checks: Check[];
  one_batch: { patch: Record<string, unknown>; goal_accuracy: number };
}

/** One number of a graph: POST /anatomy. */
interface TraceNode {
  id: number;
  label: string;
  /** "": a leaf */
  op: string;
  inputs: number[];
  data: number | null;
  grad: number | null;
  /** d node / d each input */
  local: (number | null)[];
  group: string | null;
  role:
    | "input"
    | "weight"
    | "bias"
    | "inner"
    | "output"
    | "loss"
    | "variable"
    | "constant";
  /** the exponent of ** */
  constant?: number;
}

interface Trace {
  nodes: TraceNode[];
  /** ids, each behind what it is made of */
  forward: number[];
  /** ids in the order of the backward walk */
  backward: number[];
  output: number;
}

/** Weights (outputs, inputs), as PyTorch has them. */
interface LayerValues {
  weights: number[][];
  biases: number[];
}

/** POST /anatomy/train. Numbers that ran away are null. */
interface TrainAnswer {
  step: number;
  epoch: number;
  steps_per_epoch: number;
  layers: LayerValues[];
  losses: (number | null)[];
  train_loss: number | null;
  train_accuracy: number | null;
}
