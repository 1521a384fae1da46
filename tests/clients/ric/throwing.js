throw new ReferenceError("no weights");
