/** Pages of text, each scrolled by itself. */
export interface PagerState {
  page: number;
  /** First row in sight. */
  top: number;
}

export type PagerAction =
  | { kind: 'page'; page: number }
  | { kind: 'turn'; by: number }
  /** By rows; past the end of a page it goes on with the next one, and back from the top. */
  | { kind: 'scroll'; by: number };

/** How much there is, which depends on the window: rows of each page, and rows in sight. */
export interface PagerExtent {
  heights: readonly number[];
  rows: number;
}

export const START_PAGER: PagerState = { page: 0, top: 0 };

export function reducePager(state: PagerState, action: PagerAction, extent: PagerExtent): PagerState {
  const last = extent.heights.length - 1;
  const bottom = (page: number) => Math.max(0, (extent.heights[page] ?? 0) - extent.rows);
  switch (action.kind) {
    case 'page':
      return action.page >= 0 && action.page <= last ? { page: action.page, top: 0 } : state;
    case 'turn':
      return reducePager(state, { kind: 'page', page: state.page + action.by }, extent);
    case 'scroll': {
      const top = Math.min(state.top, bottom(state.page));
      if (action.by > 0 && top >= bottom(state.page)) {
        return state.page < last ? { page: state.page + 1, top: 0 } : { ...state, top };
      }
      if (action.by < 0 && top === 0) {
        return state.page > 0 ? { page: state.page - 1, top: bottom(state.page - 1) } : state;
      }
      return { ...state, top: Math.max(0, Math.min(bottom(state.page), top + action.by)) };
    }
  }
}
