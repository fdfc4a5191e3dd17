// Starts a page of the book: first its cells, or, where the address is a link that carries somebody's code, the place where such a link
// arrives; then all that stands around the text.

import "./fonts.css";
import "./style.css";
import "./furniture.css";
import "./check.css";
import "./print.css";
import type {PageData} from "../src/book/page.ts";
import {startFurniture} from "./furniture.ts";
import {later} from "./painted.ts";
import {startReading} from "./reading.ts";

const data = JSON.parse(document.getElementById("chapter-data")!.textContent) as PageData;
const isLink = location.hash.startsWith("#shared=");

if (isLink) void import("./shared/arrival.ts").then(({arrive}) => arrive(data));
else void startReading(data);

startFurniture();
void later(() => import("./around.ts")).then(({startAround}) => startAround(data, isLink));
