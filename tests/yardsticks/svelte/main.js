// The list and the vote page in Svelte, as one would begin them.
import { mount } from "svelte";
import * as api from "../api.js";
import "../style.css";
import List from "./List.svelte";
import Vote from "./Vote.svelte";

mount(api.page === "vote" ? Vote : List, { target: document.getElementById("root") });
