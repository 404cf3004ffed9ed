// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice One payer's voucher: a cumulative amount and an ERC-2098 signature.
struct MinimalVoucher {
    address payer;
    uint256 total;
    bytes32 r;
    bytes32 vs;
}

/// @title MinimalVouchers
/// @notice The least that collecting cumulative vouchers can cost on the EVM: a limit to measure the real ledger by.
/// @dev No receipts, roots, batches, stake, windows, refunds, session keys, contract wallets or EIP-712; whoever is paid can take it
/// out at once, and a payer never. Balances are native.
contract MinimalVouchers {
    /* STORAGE */

    /// @notice What a payer paid in for an operator: funded(128) spent(128).
    mapping(address operator => mapping(address payer => uint256)) public tabOf;
    /// @notice What an operator collected, in wei.
    mapping(address operator => uint256) public earnedOf;

    /* EVENTS */

    event Collected(address indexed operator, uint256 amount, uint256 count);

    /* ERRORS */

    error NotSigned(address payer);
    error NothingDue(address payer);
    error TabShort(address payer);

    /* TABS */

    /// @notice Adds the sent value to the tab of `payer` with `operator`.
    function fund(address payer, address operator) external payable {
        tabOf[operator][payer] += msg.value << 128;
    }

    /// @notice Collects what `vouchers` allow beyond what was collected before.
    function collect(MinimalVoucher[] calldata vouchers) external {
        uint256 sum = 0;
        mapping(address payer => uint256) storage tabs = tabOf[msg.sender];
        for (uint256 i = 0; i < vouchers.length; ++i) {
            MinimalVoucher calldata voucher = vouchers[i];
            (address payer, uint256 total) = (voucher.payer, voucher.total);
            bytes32 digest = keccak256(abi.encode(block.chainid, address(this), payer, msg.sender, total));
            uint8 v = uint8(uint256(voucher.vs >> 255)) + 27;
            bytes32 s = voucher.vs & bytes32(uint256(type(int256).max));
            address signer = ecrecover(digest, v, voucher.r, s);
            require(signer == payer && signer != address(0), NotSigned(payer));

            uint256 tab = tabs[payer];
            uint256 spent = uint128(tab);
            require(total > spent, NothingDue(payer));
            require(total <= tab >> 128, TabShort(payer));
            // total > spent, and the sum is bounded by the ether there is.
            unchecked {
                tabs[payer] = tab + total - spent;
                sum += total - spent;
            }
        }
        earnedOf[msg.sender] += sum;
        emit Collected(msg.sender, sum, vouchers.length);
    }
}
