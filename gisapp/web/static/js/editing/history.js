/** A feature's history: the two compared versions on the map. */
import { openComparison } from '../map/comparison.js';
import { shapesOfPage } from './shapes.js';

openComparison(shapesOfPage())?.showDifference();
