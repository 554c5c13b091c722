export { fr as default } from '../fr';
