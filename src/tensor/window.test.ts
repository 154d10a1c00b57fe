import { expect, test } from 'vitest';
import { positionsOf, spanOf, squareWindow, type Window } from './window.js';

test('convolution rounds down: caffenet’s conv1 and conv2', () => {
  expect(positionsOf(squareWindow(11, 'floor', { stride: 4 }), [227, 227])).toEqual([55, 55]);
  expect(positionsOf(squareWindow(5, 'floor', { pad: 2 }), [27, 27])).toEqual([27, 27]);
});

test('Caffe’s pooling rounds up, but leaves out a window that starts in the padding', () => {
  expect(positionsOf(squareWindow(3, 'ceil', { stride: 2 }), [55, 54])).toEqual([27, 27]);
  expect(positionsOf(squareWindow(3, 'ceil', { stride: 2 }), [32, 32])).toEqual([16, 16]);
  expect(positionsOf(squareWindow(2, 'ceil', { stride: 2, pad: 1 }), [9, 9])).toEqual([5, 5]);
});

test('axes, pads and dilation are each their own', () => {
  const window: Window = {
    kernel: [3, 5],
    stride: [2, 1],
    pads: [1, 0, 2, 3],
    dilation: [2, 1],
    rounding: 'floor',
  };
  expect(spanOf(window)).toEqual([5, 5]);
  // (9 + 3 - 5) / 2 = 3.5; (8 + 3 - 5) / 1 = 6.
  expect(positionsOf(window, [9, 8])).toEqual([4, 7]);
  expect(positionsOf({ ...window, rounding: 'ceil' }, [9, 8])).toEqual([5, 7]);
  // The fifth window would start at row 8, the end of the image below one row of padding is 9.
  expect(positionsOf({ ...window, rounding: 'ceil' }, [7, 8])[0]).toBe(4);
});

test('a window larger than its padded image has no position', () => {
  expect(positionsOf(squareWindow(5, 'floor'), [4, 5])).toEqual([0, 1]);
});
