import '@fontsource-variable/inter/wght.css';
import './styles/components.css';
import './styles/tokens.css';
import './styles/page.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
