// A bitmap of what is in view and around it. While the view moves, it is moved and stretched, which is much faster than
// drawing thousands of shapes again.

const margin = 0.35;

/** Makes an empty picture for a view. */
export function beginPicture(camera, width, height, density) {
  const own = camera.copy();
  own.pan(width * margin, height * margin);
  const picture = {
    camera: own, width: Math.ceil(width * (1 + 2 * margin)), height: Math.ceil(height * (1 + 2 * margin)), density,
  };
  picture.canvas = document.createElement('canvas');
  picture.canvas.width = picture.width * density;
  picture.canvas.height = picture.height * density;
  return picture;
}

/** Sets a context up for the coordinates of the graph. */
export function place(context, camera, density) {
  const scale = density * camera.scale;
  context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
}

export function drawPicture(context, picture, camera) {
  const scale = camera.scale / picture.camera.scale;
  const [x, y] = camera.toScreen(picture.camera.x, picture.camera.y);
  context.drawImage(picture.canvas, x, y, picture.width * scale, picture.height * scale);
}

/** Whether a picture is as sharp as the view. */
export const isSharp = (picture, camera) => Math.abs(camera.scale / picture.camera.scale - 1) < 0.001;

/** Whether a picture has all that is in view of the graph. */
export function covers(picture, camera, width, height, bounds) {
  const reach = (of, w, h) => [of.x, of.y, of.x + w / of.scale, of.y + h / of.scale];
  const [left, top, right, bottom] = reach(camera, width, height);
  const [ownLeft, ownTop, ownRight, ownBottom] = reach(picture.camera, picture.width, picture.height);
  const slack = 0.5 / camera.scale;
  return ownLeft <= Math.max(left, bounds.x) + slack && ownTop <= Math.max(top, bounds.y) + slack
    && ownRight >= Math.min(right, bounds.x + bounds.width) - slack
      && ownBottom >= Math.min(bottom, bounds.y + bounds.height) - slack;
}
