// Which columns of a Parquet file hold the images and their labels.
import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet';
import { DataError } from '../../base/errors.js';
import { checkedNames } from './class-names.js';

/** The columns to read. */
export interface ImageColumns {
  readonly image: string;
  readonly label: string;
  /** Class names by label; null if the file has none: labels are names then. */
  readonly classes: readonly string[] | null;
}

// Several columns may do: CIFAR-100 has fine and coarse labels. The first of these is taken.
const IMAGE_NAMES = ['image', 'img', 'image_bytes', 'img_bytes', 'jpg', 'jpeg', 'png', 'webp'];
const LABEL_NAMES = ['label', 'fine_label', 'labels', 'class', 'target', 'cls', 'category'];

interface Column {
  readonly name: string;
  /** As errors show it. */
  readonly text: string;
  readonly isImage: boolean;
  /** Bytes of which nothing is said. */
  readonly isBytes: boolean;
  readonly isLabel: boolean;
  readonly classes: readonly string[] | null;
}

/** Finds them by the features that Hugging Face's `datasets` writes into the footer (key
 *  "huggingface": Image, ClassLabel with its names), else by type and name: a struct with `bytes`,
 *  or bytes alone; an integer or string named label or the like.
 *  @param where names the file in errors
 *  @throws DataError listing all columns if there is no image or label column, or several */
export function imageColumns(metadata: FileMetaData, where: string): ImageColumns {
  const features = featuresOf(metadata);
  const columns = parquetSchema(metadata).children.map((each) => column(each, features, where));
  const pick = (what: string, candidates: readonly Column[], names: readonly string[]) => {
    const named = names.flatMap((name) => candidates.filter((each) => each.name === name));
    const chosen = named[0] ?? (candidates.length === 1 ? candidates[0] : undefined);
    if (chosen !== undefined) return chosen;
    const found = candidates.length === 0 ? `no column of ${what}` : `several columns of ${what}`;
    throw new DataError(`${where}: ${found} among ${columns.map(({ text }) => text).join(', ')}`, {
      hint: `Wanted an image column (image {bytes, path}) and a label column (${LABEL_NAMES.join(', ')}; or a single ClassLabel).`,
    });
  };
  const image = pick('images', imageCandidates(columns), IMAGE_NAMES);
  const label = pick('labels', labelCandidates(columns), LABEL_NAMES);
  return { image: image.name, label: label.name, classes: label.classes };
}

// Columns that say they are images come before those that are only bytes.
function imageCandidates(columns: readonly Column[]): readonly Column[] {
  const declared = columns.filter(({ isImage }) => isImage);
  return declared.length > 0 ? declared : columns.filter(({ isBytes }) => isBytes);
}

// Columns that say they are labels come before those that are only named so.
function labelCandidates(columns: readonly Column[]): readonly Column[] {
  const declared = columns.filter(({ classes }) => classes !== null);
  if (declared.length > 0) return declared;
  return columns.filter(({ name, isLabel }) => isLabel && LABEL_NAMES.includes(name));
}

function column({ element, children }: SchemaTree, features: Features, where: string): Column {
  const { name, type = '' } = element;
  const fields = children.map((child) => child.element.name);
  const isText = element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';
  const kind = children.length > 0 ? `{${fields.join(', ')}}` : isText ? 'STRING' : type;
  const feature = features[name];
  const isFlatImage = type === 'BYTE_ARRAY' && !isText && feature?._type === 'Image';
  const isClassLabel = feature?._type === 'ClassLabel' && Array.isArray(feature.names);
  return {
    name,
    text: `${name} ${kind}`,
    isImage: fields.includes('bytes') || isFlatImage,
    isBytes: type === 'BYTE_ARRAY' && !isText && feature === undefined,
    isLabel: isText || type === 'INT64' || type === 'INT32',
    classes: isClassLabel
      ? checkedNames((feature.names as unknown[]).map(String), `${where}, column ${name}`)
      : null,
  };
}

type Features = Readonly<
  Record<string, { readonly _type?: unknown; readonly names?: unknown } | undefined>
>;

// What is not there or not understood is not an error: types and names of columns may say enough.
function featuresOf({ key_value_metadata }: FileMetaData): Features {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return {};
  try {
    const parsed = JSON.parse(text) as { info?: { features?: Features } } | null;
    const features = parsed?.info?.features;
    return typeof features === 'object' && features !== null ? features : {};
  } catch {
    return {};
  }
}
