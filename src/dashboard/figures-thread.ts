// The thread that makes figures: half a second for two thousand networks, in which the server
// answers and folders are looked at.
import { figuresAnswer, type FiguresQuestions } from './figures-answer.js';
import { answerQuestions } from './thread-host.js';

const answers: FiguresQuestions = {
  figures: (request) => JSON.stringify(figuresAnswer(request)),
};

answerQuestions({ ...answers });
