// JavaScript, because Pulumi's host for policy packs puts TypeScript 3.8 in front of a TypeScript main. Node runs the rest itself.
import "./pack.ts";
