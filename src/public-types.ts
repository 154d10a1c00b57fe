// Types that the library's own names speak of, so that a program can write them down. Made of what
// scripts/check-exports.mjs asks for.
export type { Json } from './base/canonical-json.js';
export type { ErrorDetail } from './base/errors.js';
export type { StreamKey } from './base/threefry.js';
export type { ClassChoice, ClassItems, Subtrees } from './data/classes/select-classes.js';
export type { Selection } from './data/classes/selection.js';
export type { CatalogueEntry, CatalogueFile } from './data/fetch/catalogue.js';
export type { FetchPolicy } from './data/fetch/failure.js';
export type { FetchedSet } from './data/fetch/fetch-data-set.js';
export type { FetchEvent, FetchedFile } from './data/fetch/fetch-file.js';
export type { HeldOut, HoldOut } from './data/hold-out/held-out.js';
export type { Channels, Extent, ImageForm, PixelForm } from './data/image-form.js';
export type { ImagePart, ImageSet, SharedStore } from './data/image-set.js';
export type { Resize } from './data/images/resize.js';
export type { Augmentation } from './data/minibatch/augment.js';
export type { BlockShuffle } from './data/minibatch/block-order.js';
export type { ByPart, PartName } from './data/parts.js';
export type { RecordsUse, StoreInfo, StoreRequest } from './data/prepare/find-prepared.js';
export type { DecodeProgress } from './data/prepare/prepare-images.js';
export type {
  ImageSource,
  LeftOut,
  SourceClass,
  SourceEntry,
  SourceFile,
  TestPart,
} from './data/source.js';
export type { PackedFacts, SkippedFile, StoreHeader } from './data/store/store-index.js';
export type { WordNet } from './data/wordnet/database.js';
export type {
  CompileOptions,
  Executable,
  Executor,
  ExecutorInfo,
  Footprint,
  LoopPeak,
  LoopRate,
  Precision,
  ProfileRow,
  Scalars,
} from './executors/executor.js';
export type { ExecutorFacts, ExecutorName } from './executors/names.js';
export type { LearningCurve } from './figures/learning-curves.js';
export type { Figure, Room, ThemeName, VegaLiteSpec } from './figures/spec.js';
export type { LocalOptions } from './launch/local.js';
export type { WorkerOptions } from './launch/worker-process.js';
export type { ImageDefaults, SaidOfImages } from './net/formats/prototxt/data-layer.js';
export type { CaffeNetwork, OriginalRole } from './net/formats/prototxt/read-network.js';
export type { CaffeSolver } from './net/formats/prototxt/read-solver.js';
export type { CaffePolicy, CaffeRate } from './net/formats/prototxt/solver-policy.js';
export type { Place } from './net/formats/prototxt/tokens.js';
export type { ActivationLayer } from './net/layers/activation.js';
export type { AddLayer } from './net/layers/add.js';
export type { AffineLayer } from './net/layers/affine.js';
export type { AveragePoolLayer } from './net/layers/average-pool.js';
export type { BatchNormLayer } from './net/layers/batch-norm.js';
export type { Blob as LayerBlob, FanNorm, Filler } from './net/layers/blob.js';
export type { BroadcastLayer } from './net/layers/broadcast.js';
export type { ConcatLayer } from './net/layers/concat.js';
export type { ConvolutionLayer } from './net/layers/convolution.js';
export type { DropoutLayer } from './net/layers/dropout.js';
export type { GroupNormLayer } from './net/layers/group-norm.js';
export type { InnerProductLayer } from './net/layers/inner-product.js';
export type { LayerNormLayer } from './net/layers/layer-norm.js';
export type { LrnLayer } from './net/layers/lrn.js';
export type { MatmulLayer } from './net/layers/matmul.js';
export type { MaxPoolLayer } from './net/layers/max-pool.js';
export type { MeanLayer } from './net/layers/mean.js';
export type { MultiplyLayer } from './net/layers/multiply.js';
export type { PadLayer } from './net/layers/pad.js';
export type { ParameterLayer } from './net/layers/parameter.js';
export type { PreluLayer } from './net/layers/prelu.js';
export type { ReluLayer } from './net/layers/relu.js';
export type { ReshapeLayer } from './net/layers/reshape.js';
export type { LayerBase } from './net/layers/rule.js';
export type { SliceLayer } from './net/layers/slice.js';
export type { SoftmaxLayer } from './net/layers/softmax.js';
export type { Layer, LayerKind, LayerMap } from './net/layers/table.js';
export type { TransposeLayer } from './net/layers/transpose.js';
export type { NetworkInput } from './net/network.js';
export type { ChainHead, Link } from './net/presets/chain.js';
export type { Kernel } from './net/presets/small.js';
export type {
  ActivationFunction,
  ActivationParams,
  AdamwParams,
  AveragePoolParams,
  BatchNormParams,
  ConvolutionParams,
  CrossEntropyParams,
  LrnParams,
  MatmulParams,
  MeanParams,
  OpName,
  OpParams,
  OpParamsMap,
  SgdParams,
  SliceParams,
  WeightsGradientParams,
} from './program/ops/params.js';
export type { AdamwSettings } from './program/solvers/adamw.js';
export type { SgdSettings } from './program/solvers/sgd.js';
export type { Solver, SolverName, SolverSettingsMap } from './program/solvers/table.js';
export type {
  Feed,
  Node as OpNode,
  Output,
  Program as OpProgram,
  Slot,
  ValueId,
} from './program/types.js';
export type { DrawnFigure, FailedFigure } from './report/figure-section.js';
export type { Provenance } from './report/provenance.js';
export type { ExecutorUse } from './report/warnings.js';
export type { Deed } from './report/what-was-done.js';
export type { FilterSource, ReportData, ReportFiles } from './report/write-report.js';
export type { Answers, LabelRun } from './runs/answers.js';
export type { MetricsLine } from './runs/metrics.js';
export type { FrozenTensor, FurtherResult, Pretrained, RunExecutor } from './runs/record.js';
export type { Rise } from './stats/rise.js';
export type { NetworkAsked } from './study/file/read-network.js';
export type {
  AugmentText,
  BaseText,
  ClassesText,
  DataText,
  HoldOutText,
  ImagesText,
  ShuffleText,
  SolverText,
  SourceText,
  StudyText,
  SubtreesText,
  TargetSizesText,
  TaskText,
  TasksText,
} from './study/file/study-source.js';
export type {
  MeasuredNetwork,
  MeasuredPlace,
  Measurements,
  Movement,
  Probe,
  Reset,
  Similarity,
} from './study/measurements/types.js';
export type { NetworkRole } from './study/network-name.js';
export type { DataFacts } from './study/plan/data-facts.js';
export type { Engine, Gang, GangLimits } from './study/plan/gangs.js';
export type { IdentityContent } from './study/plan/identity.js';
export type { FactsOf } from './study/plan/splits.js';
export type { Phase } from './study/plan/streams.js';
export type { PretrainedBase, Seen } from './study/pretrained/pretrained-base.js';
export type { BaseFile } from './study/pretrained/read-base-file.js';
export type { ResultsInput } from './study/results/build.js';
export type { ByImage, ByImagePoint, ImagePair } from './study/results/by-image-types.js';
export type { FigureId, FigureName } from './study/results/figure-ids.js';
export type {
  BaseRate,
  RateChange,
  RatePoint,
  RateRow,
  RateTable,
} from './study/results/rate-types.js';
export type {
  BestCut,
  SizeGain,
  SizePoint,
  TargetSizes,
} from './study/results/target-size-types.js';
export type { RobustnessRow, TestSetResults, TestSetRow } from './study/results/test-set-types.js';
export type {
  BaseResult,
  Comparison,
  DecompositionPoint,
  Family,
  FamilyResults,
  IntervalFacts,
  LinePoint,
  MatchedPoint,
  NetworkResult,
  NetworkState,
  Noise,
  RateResults,
  ReadBase,
  SizeOf,
  StudyFacts,
  SummaryResults,
  Table1Row,
  TaskLabels,
  TrainingCost,
  Unit,
} from './study/results/types.js';
export type { GangEnd, GangFailure, LaunchEvent, StudyEnd } from './study/run/launcher.js';
export type { RunOutcome } from './study/run/run-study.js';
export type { Share, TriedShare } from './study/store/calibration-file.js';
export type { PlanEntry, PlanFile } from './study/store/plan-file.js';
export type { RunState } from './study/store/run-state.js';
export type {
  DataChoice,
  Length,
  PretrainedBases,
  SolverChoice,
  TaskChoice,
} from './study/study.js';
export type { TaskName } from './study/tasks.js';
export type { Control, TreatmentRule } from './study/treatment-rule.js';
export type { TreatmentKind } from './study/treatments.js';
export type { DType, HostArray, HostTensor, Shape, TensorType } from './tensor/tensor.js';
export type { Pads, Pair, Sliding, Window as SlidingWindow } from './tensor/window.js';
export type { GangProfile, GangUsage, ProgramProfile } from './train/events.js';
export type {
  FurtherTest,
  GangInput,
  ImagesInput,
  NetworkJob,
  Schedule,
  TaskSpec,
} from './train/job.js';
export type { TrainContext } from './train/open-gang.js';
export type { Peak, ProductRate } from './train/profile/peak.js';
export type { Activity, Seconds } from './train/profile/stopwatch.js';
export type { RatePolicy, RatePolicyMap, RatePolicyName } from './train/rate-policies.js';
