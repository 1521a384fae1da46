// What the tests of pages ask of their charts.
// How many pixels of each canvas are not transparent.
export const drawn = (page) =>
  page.$$eval("canvas", (canvases) =>
    canvases.map((canvas) => {
      // Of a copy: reading the chart's own canvas makes the browser warn.
      const copy = document.createElement("canvas");
      copy.width = canvas.width;
      copy.height = canvas.height;
      const context = copy.getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      let count = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) ++count;
      return count;
    }));
