// Importing a component also wires its data-bs-* attributes.
export {
  Alert, Collapse, Dropdown, Modal, Offcanvas, Tab, Toast,
} from 'bootstrap';
