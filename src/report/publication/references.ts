// What a paper that uses a study cites.

/** The paper whose protocol it is, and this program, as BibTeX. */
export function bibtex(selfferVersion: string): string {
  return `@inproceedings{yosinski2014transferable,
  title     = {How transferable are features in deep neural networks?},
  author    = {Yosinski, Jason and Clune, Jeff and Bengio, Yoshua and Lipson, Hod},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {27},
  pages     = {3320--3328},
  year      = {2014}
}

@misc{selffer,
  key   = {Selffer},
  title = {Selffer: how transferable are the features of each layer of a deep network?},
  note  = {Software, version ${selfferVersion}}
}
`;
}
