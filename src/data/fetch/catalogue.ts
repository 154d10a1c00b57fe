// The data sets that can be fetched: where their publishers keep them, how to know them, what may
// be done with them.

/** One file as its publisher offers it. */
export interface CatalogueFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
}

/** A data set by the name that `selffer data fetch` takes. */
export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  /** Page that describes it. */
  readonly page: string;
  /** What its publishers say of its use. */
  readonly licence: string;
  /** Addresses that the files' names are put behind, in the order in which they are tried. */
  readonly addresses: readonly string[];
  readonly files: readonly CatalogueFile[];
  /** `data.source` of a study, seen from the folder of the files. */
  readonly source: string;
}

const TORONTO = 'https://www.cs.toronto.edu/~kriz/';

const NO_LICENCE =
  'the publishers state no licence; they ask for a citation of A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009';

/** All data sets. Bytes and SHA-256 are those of TensorFlow Datasets' lists (CIFAR, MNIST) and of
 *  several independent records in public repositories (Tiny ImageNet, which is the file with
 *  torchvision-style md5 90528d7ca1a48142e341f4ef8d21d0de). For CIFAR the same records give the md5
 *  sums of the publisher's page (CIFAR-10: c32a1d4ab5d03f1284b67883e8d87530).
 *  @source github.com/tensorflow/datasets, url_checksums; the pages named in the table */
export const catalogue: readonly CatalogueEntry[] = [
  {
    name: 'cifar10',
    title: 'CIFAR-10, binary version: 60,000 colour images of 32x32, 10 classes',
    page: `${TORONTO}cifar.html`,
    licence: NO_LICENCE,
    addresses: [TORONTO],
    files: [
      {
        name: 'cifar-10-binary.tar.gz',
        bytes: 170_052_171,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
    source: 'cifar-10-binary.tar.gz',
  },
  {
    name: 'cifar100',
    title: 'CIFAR-100, binary version: 60,000 colour images of 32x32, 100 classes',
    page: `${TORONTO}cifar.html`,
    licence: NO_LICENCE,
    addresses: [TORONTO],
    files: [
      {
        name: 'cifar-100-binary.tar.gz',
        bytes: 168_513_733,
        sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      },
    ],
    source: 'cifar-100-binary.tar.gz',
  },
  {
    name: 'tiny-imagenet',
    title: 'Tiny ImageNet: 110,000 labelled colour images of 64x64, 200 classes',
    page: 'https://www.kaggle.com/c/tiny-imagenet',
    licence:
      'images of ImageNet, which its publishers give for non-commercial research and education only (https://www.image-net.org/download)',
    addresses: ['https://cs231n.stanford.edu/', 'http://cs231n.stanford.edu/'],
    files: [
      {
        name: 'tiny-imagenet-200.zip',
        bytes: 248_100_043,
        sha256: '6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821',
      },
    ],
    source: 'tiny-imagenet-200.zip',
  },
  {
    name: 'mnist',
    title: 'MNIST: 70,000 grey images of handwritten digits, 28x28',
    page: 'http://yann.lecun.com/exdb/mnist/',
    licence:
      'its page states none; it is made of NIST Special Databases 1 and 3 and is often passed on under CC BY-SA 3.0 (Y. LeCun, C. Cortes)',
    // The publisher's own server often refuses; the mirrors are those of TensorFlow Datasets and of
    // torchvision.
    addresses: [
      'http://yann.lecun.com/exdb/mnist/',
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
    ],
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        bytes: 9_912_422,
        sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        bytes: 28_881,
        sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        bytes: 1_648_877,
        sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        bytes: 4_542,
        sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      },
    ],
    source: '*-ubyte.gz',
  },
];
