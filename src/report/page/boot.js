// Draws the charts of the data island. The page reads and prints without this script; where it runs, the drawing made by
// the program itself (inside the same figure) is replaced by the interactive one.
"use strict";
(function () {
  var charts = JSON.parse(document.getElementById("charts").textContent);
  var options = {
    ast: true, // no eval: the page's policy forbids it
    mode: "vega-lite",
    renderer: "svg",
    defaultStyle: false,
    actions: false,
    loader: { load: function () { return Promise.reject(new Error("this page loads nothing")); } },
    tooltip: { disableDefaultStyle: true, theme: "clonewatch" },
  };
  window.clonewatch = { pending: charts.length, failed: 0 };
  charts.forEach(function (chart) {
    var place = document.getElementById(chart.id);
    var still = place.querySelector(".still");
    var live = document.createElement("div");
    live.className = "live";
    place.appendChild(live);
    window.vegaEmbed(live, chart.spec, options).then(function (result) {
      if (still) still.hidden = true;
      place.dataset.view = "ready";
      window.clonewatch.pending -= 1;
      (window.clonewatch.views = window.clonewatch.views || {})[chart.id] = result.view;
    }, function (error) {
      live.remove();
      window.clonewatch.pending -= 1;
      window.clonewatch.failed += 1;
      console.error("chart " + chart.id + ": " + error.message);
    });
  });
})();
