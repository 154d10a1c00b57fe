import { expect, test } from 'vitest';
import { DataError } from '../../base/errors.js';
import { arrange, type Tree } from './arrange.js';
import { treeOfPaths } from './path-tree.js';

const tree = (paths: readonly string[]): Tree => treeOfPaths(paths);
const classes = (folder: string) => ['a', 'b'].map((name) => `${folder}${name}/1.jpg`);
function found(paths: readonly string[]) {
  const arrangement = arrange(tree(paths));
  return arrangement && arrangement.at.map(({ part, path }) => `${part}=${path}`).join(' ');
}

test.each([
  ['as ever', ['train/', 'val/'], 'train=train val=val'],
  ['with held-out images', ['train/', 'val/', 'test/'], 'train=train val=val test=test'],
  ['train and test', ['train/', 'test/'], 'train=train test=test'],
  ['training, validation', ['training/', 'validation/'], 'train=training val=validation'],
  ['in capitals', ['Train/', 'Valid/', 'Test/'], 'train=Train val=Valid test=Test'],
  ['a level deeper', ['photos/train/', 'photos/val/'], 'train=photos/train val=photos/val'],
  ['two levels deeper', ['a/b/train/', 'a/b/valid/'], 'train=a/b/train val=a/b/valid'],
  ['images inside', ['train/images/', 'val/images/'], 'train=train/images val=val/images'],
  [
    'nested once more',
    ['seg_train/seg_train/', 'seg_test/seg_test/'],
    'train=seg_train/seg_train test=seg_test/seg_test',
  ],
  ['one word among others', ['set-train/', 'set-valid/'], 'train=set-train val=set-valid'],
  ['classes alone', [''], 'train='],
  ['classes alone, deeper', ['flowers/'], 'train=flowers'],
  ['validation alone', ['val/'], 'val=val'],
])('%s', (_, folders, wanted) => {
  expect(found(folders.flatMap(classes))).toBe(wanted);
});

test('classes come first, parts inside each', () => {
  const paths = ['a', 'b'].flatMap((name) => [`${name}/train/1.jpg`, `${name}/test/2.jpg`]);
  expect(arrange(tree(paths))).toMatchObject({
    at: [
      { part: 'train', class: 'a', path: 'a/train' },
      { part: 'test', class: 'a', path: 'a/test' },
      { part: 'train', class: 'b', path: 'b/train' },
      { part: 'test', class: 'b', path: 'b/test' },
    ],
    recognised: 'folders <class>/train/ and <class>/test/',
  });
});

test('parts of several folders are one data set', () => {
  const paths = [...classes('one/train/'), ...classes('two/train/'), ...classes('two/val/')];
  expect(found(paths)).toBe('train=one/train train=two/train val=two/val');
});

test.each([
  ['a class named as a part', ['dev/1.jpg', 'ops/1.jpg'], 'train='],
  ['classes of which one is a test', ['test/1.jpg', 'cat/1.jpg', 'dog/1.jpg'], 'train='],
  ['classes with a word for a part', ['bullet_train/1.jpg', 'test_tube/1.jpg'], 'train='],
  ['a class with a folder', ['train/a/images/1.jpg', 'val/a/1.jpg'], 'train=train val=val'],
])('%s is a class', (_, paths, wanted) => {
  expect(found(paths)).toBe(wanted);
});

test('what lies beside the data set is named', () => {
  const paths = [...classes('images/train/'), ...classes('images/val/'), 'annotations/1.xml'];
  expect(arrange(tree(paths))).toMatchObject({
    at: [{ path: 'images/train' }, { path: 'images/val' }],
    recognised: 'folders images/train/<class>/ for train and images/val/<class>/ for val',
    leftAside: ['annotations'],
  });
  expect(arrange(tree([...classes('train/'), ...classes('val/'), 'extra/x/1.jpg']))).toMatchObject({
    recognised: 'folders train/<class>/ and val/<class>/',
    leftAside: ['extra'],
  });
});

test('folders of folders of classes say so', () => {
  const paths = ['Art', 'Clipart'].flatMap((domain) => classes(`${domain}/`));
  expect(arrange(tree(paths))?.recognised).toBe(
    'folders <class>/ without parts, all for training; each with all folders below it, such as Art/',
  );
});

test('two folders of one part are refused', () => {
  const paths = [...classes('train/'), ...classes('valid/'), ...classes('Validation/')];
  expect(() => arrange(tree(paths))).toThrow(DataError);
  expect(() => arrange(tree(paths))).toThrow(/Validation\/ and valid\/|valid\/ and Validation\//);
});

test('nothing is nothing', () => {
  expect(arrange(tree(['1.jpg', 'README']))).toBeNull();
  expect(arrange(tree([]))).toBeNull();
});
