// The thread that makes figures: half a second for two thousand networks, in which the server
// answers and folders are looked at.
import { figuresAnswer, type FiguresQuestions } from './figures-answer.js';
import { CurveReader } from './learning-curves.js';
import { answerQuestions } from './thread-host.js';

const reader = new CurveReader();

const answers: FiguresQuestions = {
  figures: (request) => {
    const { directory, own } = request;
    const names = own.networks.map(({ name }) => name);
    const curves = directory === null ? [] : reader.curves(directory, names);
    return JSON.stringify(figuresAnswer(request, curves));
  },
};

answerQuestions({ ...answers });
