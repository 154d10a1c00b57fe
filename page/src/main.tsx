// The live page of `selffer serve`: starts it.
import { render } from 'preact';
import { App } from './app.js';
import './style/index.css';

const place = document.getElementById('page');
if (place !== null) render(<App />, place);
