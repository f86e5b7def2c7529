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
  disk: { database_bytes: number; free_bytes: number; data_dir: string };
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
}

interface Samples {
  width: number;
  height: number;
  samples: { index: number; label: number; values: number[] }[];
}

interface Preset {
  name: string;
  title: string;
  description: string;
  kind: string;
  config: Partial<RunConfig>;
}
