// The live page of `selffer serve`: starts it.
import { render } from 'preact';
import { App } from './app.js';
// One by one: what a style sheet imports by itself would not be seen to have changed.
import './style/colours.css';
import './style/frame.css';
import './style/parts.css';
import './style/plan.css';
import './style/views.css';

const place = document.getElementById('page');
if (place !== null) render(<App />, place);
