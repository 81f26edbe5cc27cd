import type { Place } from "../contract";

/** The position of the device. Rejects with true if the citizen (or the browser) refused, false if it failed. */
export function whereAmI(): Promise<Place> {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator) || !isSecureContext) {
      reject(true);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: round(coords.latitude), longitude: round(coords.longitude) }),
      (error) => reject(error.code === error.PERMISSION_DENIED),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

/** Six decimals are 11 cm; more would be noise. */
function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
