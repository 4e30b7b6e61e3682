import { startPage } from "./dom.mjs";

startPage();
