// For browsers that know no modules: nothing else of ours runs there. Written in the JavaScript of 2009.
(function () {
  var note = document.getElementById("old-browser");
  if (note) note.removeAttribute("hidden");
})();
